"""The inbound funnel of an invented brand: rates shown, and what one point more at each passage would bring."""

from typing import TYPE_CHECKING

from cmlib.charts import funnel_chart
from cmlib.charts.style import enumerate_in_french, to_html
from cmlib.french import plural, write_number, write_quantity
from cmlib.funnel import FORWARD, STATES, Passages, bottleneck, one_point_gains, probability
from cmlib.lessons.demos.markup import table

if TYPE_CHECKING:
    from collections.abc import Mapping

GOALS = {"client": "des clients", "ambassadeur": "des ambassadeurs"}


def passages(to_prospect: float, to_client: float, to_advocate: float) -> Passages:
    """Return a funnel from its three rates, in %.

    Examples
    --------
    >>> passages(6, 15, 20)["visiteur"]
    {'prospect': 0.06, 'perdu': 0.94}
    """
    rates = dict(zip(FORWARD, (to_prospect, to_client, to_advocate), strict=True))
    return {start: {end: rates[start] / 100, "perdu": 1 - rates[start] / 100} for start, end in FORWARD.items()}


def counts(funnel: Passages, visitors: float) -> dict[str, float]:
    """Return the people expected at each step, on average."""
    return {"visiteur": visitors, **{state: visitors * probability(funnel, state) for state in FORWARD.values()}}


def funnel(visitors: float, to_prospect: float, to_client: float, to_advocate: float, goal: str) -> tuple[str, str]:
    """Draw a funnel, and what one point more at each passage would bring.

    Parameters
    ----------
    visitors
        People who come in.
    to_prospect, to_client, to_advocate
        Rates of the passages, in %.
    goal
        A key of `GOALS`: who is counted.
    """
    shape = passages(to_prospect, to_client, to_advocate)
    people = counts(shape, visitors)
    gains = one_point_gains(shape, goal, visitors)
    figure = funnel_chart(people)
    rows = [
        [
            f"{start} → {end}",
            write_quantity(shape[start][end], "%", 1),
            f"{write_quantity(shape[start][end] + min(0.01, shape[start]['perdu']), '%', 1)}",
            _more(gains[start, end], goal),
        ]
        for start, end in FORWARD.items()
    ]
    shown = to_html(figure) + table(
        f"Un point de plus à un seul passage, pour {write_number(visitors, 0)} visiteurs",
        ["Passage", "Taux", "Avec un point de plus", f"{STATES[goal]} en plus"],
        rows,
    )
    return shown, _sentence(shape, gains, goal)


def _sentence(shape: Passages, gains: "Mapping[tuple[str, str], float]", goal: str) -> str:
    most = max(gains.values())
    best = [f"{start} → {end}" for (start, end), gain in gains.items() if gain >= most * (1 - 1e-9)]
    tight = bottleneck(shape)
    named = f"{tight.start} → {tight.end}, {write_quantity(tight.rate, '%', 1)}"
    if most <= 0:
        return f"Un point de plus ne changerait rien nulle part. Le passage le plus étroit : {named}."
    where = f"au passage {best[0]}" if len(best) == 1 else f"aux passages {enumerate_in_french(best)}, à égalité"
    return f"Le passage le plus étroit : {named}. C’est {where} qu’un point de plus rapporte le plus : {_more(most, goal)}."


def _more(gain: float, goal: str) -> str:
    shown = round(gain, 2)
    return f"{write_number(shown, 2)} {plural(shown, goal)}"
