from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.french import (
    UNIT_SPELLINGS,
    plural,
    read_number,
    read_quantity,
    typeset,
    write_moment,
    write_number,
    write_quantity,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1.5", "1.5"),
        ("0.125", "0.125"),
        ("-3", "-3"),
        ("−3,2", "-3.2"),
        ("+5", "5"),
        ("007", "7"),
        ("12,50", "12.50"),
        (" 8,3\t", "8.3"),
        ("8,3\r\n", "8.3"),
    ],
)
def test_reads_numbers_as_the_french_write_them(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1,2,3", "1,234.5", "1 23", "12 34,5", "1e5", "½", "٣", "--3", "3-", "1..5", ",5", "9" * 40]
)
def test_refuses_what_is_not_a_number(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_number(text)


def test_a_number_with_two_meanings_is_questioned_with_both() -> None:
    with pytest.raises(InvalidInput, match="1\u202f234 ou 1,234"):
        read_number("1.234")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("8,3 %", "%", 0.083),
        ("8,3%", "%", 0.083),
        ("8,3", "%", 0.083),
        ("0,083 %", "%", 0.00083),
        ("0", "%", 0.0),
        ("12,50 €", "€", 12.5),
        ("12,50", "€", 12.5),
        ("1 234,50 euros", "€", 1234.5),
        ("19 jours", "jours", 19),
        ("1 jour", "jours", 1),
        ("19 j.", "jours", 19),
        ("42", "", 42),
    ],
)
def test_reads_a_quantity_with_or_without_its_unit(text: str, unit: str, value: float) -> None:
    assert read_quantity(text, unit).value == pytest.approx(value, rel=1e-12)


def test_a_fraction_where_a_percentage_is_asked_is_questioned_with_both_readings() -> None:
    with pytest.raises(InvalidInput) as error:
        read_quantity("0,083", "%")
    assert "8,3\u202f%" in str(error.value)
    assert "0,083\u202f%" in str(error.value)


@pytest.mark.parametrize(("text", "unit"), [("12 €", "%"), ("8,3 %", "€"), ("3 semaines", "jours"), ("12 k€", "€"), ("%", "%")])
def test_another_unit_is_refused_in_one_sentence(text: str, unit: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_quantity(text, unit)
    assert "\n" not in str(error.value)


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
def test_what_is_written_is_read_back(number: Decimal) -> None:
    assert read_number(write_number(float(number), decimals=4)) == pytest.approx(number, abs=Decimal("0.0001"))


@given(st.floats(-9, 9).filter(lambda x: abs(x) < 1e-9 or abs(x) > 0.01), st.sampled_from(sorted(UNIT_SPELLINGS)))
def test_a_written_quantity_is_read_back(value: float, unit: str) -> None:
    read = read_quantity(write_quantity(value, unit, decimals=6), unit).value
    assert read == pytest.approx(value, abs=0.005 if unit == "€" else 1e-6)


@given(st.text(max_size=30), st.sampled_from(sorted(UNIT_SPELLINGS)))
def test_any_text_is_read_or_refused_in_one_sentence(text: str, unit: str) -> None:
    try:
        quantity = read_quantity(text, unit)
    except InvalidInput as error:
        sentence = str(error)
    else:
        sentence = quantity.shown
        assert abs(quantity.value) < 1e15
    assert sentence.strip()


def test_typography_takes_unbreakable_spaces() -> None:
    assert typeset("« Oui » : 1 234 € ?") == "«\u00a0Oui\u00a0»\u00a0: 1 234\u00a0€\u202f?"


def test_plural_starts_at_two() -> None:
    assert [plural(n, "point") for n in (0, 1, 1.5, 2)] == ["point", "point", "point", "points"]


def test_a_moment_is_told_by_its_time_today_and_by_its_date_otherwise() -> None:
    noon = datetime(2026, 3, 12, 12)
    assert write_moment(datetime(2026, 3, 12, 9, 5), noon) == "à 09:05"
    assert write_moment(datetime(2026, 3, 1, 14, 32), noon) == "le 1 mars à 14:32"
    assert write_moment(datetime(2025, 12, 31, 14, 32), noon) == "le 31 décembre 2025 à 14:32"
