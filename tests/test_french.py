import re
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib.errors import InvalidInput
from cmlib.french import (
    UNIT_SPELLINGS,
    plural,
    read_date,
    read_datetime,
    read_number,
    read_quantity,
    read_time,
    typeset,
    untypeset,
    write_date,
    write_datetime,
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
        ("25 k€", "€", 25_000),
        ("4 M€", "€", 4_000_000),
        ("1,5 k€", "€", 1_500),
        ("2 h", "heures", 2),
        ("1,5 minute", "minutes", 1.5),
    ],
)
def test_reads_a_quantity_with_or_without_its_unit(text: str, unit: str, value: float) -> None:
    assert read_quantity(text, unit).value == pytest.approx(value, rel=1e-12)


def test_a_fraction_where_a_percentage_is_asked_is_questioned_with_both_readings() -> None:
    with pytest.raises(InvalidInput) as error:
        read_quantity("0,083", "%")
    assert "8,3\u202f%" in str(error.value)
    assert "0,083\u202f%" in str(error.value)


@pytest.mark.parametrize(("text", "unit"), [("12 €", "%"), ("8,3 %", "€"), ("3 semaines", "jours"), ("12 $", "€"), ("%", "%")])
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
    assert write_moment(datetime(2026, 3, 1, 14, 32), noon) == "le 1er mars à 14:32"
    assert write_moment(datetime(2025, 12, 31, 14, 32), noon) == "le 31 décembre 2025 à 14:32"


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/03/2026", date(2026, 3, 12)),
        ("12/3/26", date(2026, 3, 12)),
        ("12.03.2026", date(2026, 3, 12)),
        ("12-03-2026", date(2026, 3, 12)),
        (" 12 / 03 / 2026 ", date(2026, 3, 12)),
        ("12\u00a0mars\u00a02026", date(2026, 3, 12)),
        ("12 Mars 2026", date(2026, 3, 12)),
        ("jeudi 12 mars 2026", date(2026, 3, 12)),
        ("le jeudi 12 mars 2026", date(2026, 3, 12)),
        ("1er avril 2026", date(2026, 4, 1)),
        ("3 févr. 2026", date(2026, 2, 3)),
        ("15 aout 2026", date(2026, 8, 15)),
        ("15 AOÛT 2026", date(2026, 8, 15)),
        ("25 DÉC 26", date(2026, 12, 25)),
        ("2026-03-12", date(2026, 3, 12)),
        ("2026-03-12 00:00:00", date(2026, 3, 12)),
        ("2026-03-12T00:00:00", date(2026, 3, 12)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_reads_dates_as_the_french_write_them(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Il manque une date"),
        ("demain", "« demain » n’est pas une date"),
        ("03/15/2026", "lu jour 3, mois 15.*si c’est le 15 mars, écrivez 15/03/2026"),
        ("31/02/2026", "lu 31 février 2026, un jour qui n’existe pas"),
        ("29/02/2026", "lu 29 février 2026"),
        ("00/03/2026", "lu 0 mars 2026"),
        ("12/03", "« 12/03 » .*il manque l’année.*12/03/2026"),
        ("12 mars", "il manque l’année"),
        ("12 brumaire 2026", "« brumaire » n’est pas un mois"),
        ("12/00/2026", "n’est pas un mois"),
        ("46093", "un tableur note ainsi le 12/03/2026"),
        ("12032026", "« 12032026 » n’est pas une date"),
        ("12/03/0202", "lu 12 mars 202 ; écrivez une année entre 1900 et 2100"),
        ("12/03-2026", "n’est pas une date"),
        ("12/03/20226", "n’est pas une date"),
        ("2026-13-01", "mois 13"),
        ("²/03/2026", "n’est pas une date"),
    ],
)
def test_a_date_refused_says_what_was_understood(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_date(text)
    assert re.search(said, untypeset(str(error.value)))


def test_a_date_without_its_year_takes_the_one_of_the_exercise() -> None:
    assert read_date("12 mars", year=2026) == read_date("12/03", year=2026) == date(2026, 3, 12)
    assert read_date("12 mars 2025", year=2026) == date(2025, 3, 12)


@given(days, st.sampled_from(["short", "long"]))
def test_a_written_date_is_read_back(day: date, style: str) -> None:
    assert read_date(write_date(day, style)) == day  # type: ignore[arg-type]
    assert read_date(day.isoformat()) == day


@given(days, st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_written_moment_is_read_back(day: date, at: time) -> None:
    moment = datetime.combine(day, at)
    assert read_datetime(write_datetime(moment)) == moment
    assert read_datetime(moment.isoformat()) == moment
    assert read_datetime(f"{write_date(day, 'long')} à {at.hour} h {at.minute:02}") == moment
    assert read_time(f"{at:%H:%M}") == at


@pytest.mark.parametrize(
    ("text", "at"), [("14:30", time(14, 30)), ("9h", time(9)), ("9 h", time(9)), ("09 h 05", time(9, 5)), ("14H30", time(14, 30))]
)
def test_reads_times_as_the_french_write_them(text: str, at: time) -> None:
    assert read_time(text) == at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25:00", "lu 25 heures 0"),
        ("12:75", "lu 12 heures 75"),
        ("midi", "« midi » n’est pas une heure"),
        ("", "n’est pas une heure"),
        ("14h3", "« 14h3 »"),
    ],
)
def test_a_time_refused_says_what_was_understood(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_time(text)
    assert re.search(said, untypeset(str(error.value)))


@pytest.mark.parametrize("text", ["12/03/2026", "14:30", "", "12/03/2026 à", "demain à 9 h"])
def test_a_moment_needs_a_date_and_a_time(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_datetime(text)


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,2}[/. -][0-9]{1,2}[/. -][0-9]{1,4}", fullmatch=True))
def test_every_refusal_quotes_what_was_typed_or_says_that_nothing_was(text: str) -> None:
    quoted = [lambda: read_number(text), lambda: read_date(text), lambda: read_time(text), lambda: read_datetime(text)]
    quoted += [lambda unit=unit: read_quantity(text, unit) for unit in UNIT_SPELLINGS]
    for read in quoted:
        try:
            read()
        except InvalidInput as error:
            sentence = untypeset(str(error))
            assert sentence.startswith(("« ", "Il manque")) and "\n" not in sentence


@given(st.text(alphabet=" «»:;!?%€abc\u00a0\u202f\t", max_size=40))
def test_typography_is_done_once_and_undone(text: str) -> None:
    assert typeset(typeset(text)) == typeset(text)
    assert untypeset(typeset(text)) == untypeset(text)
    assert typeset(untypeset(text)) == typeset(untypeset(typeset(text)))
