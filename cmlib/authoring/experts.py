"""Expert answers: what a student who gets everything right would write. For the demonstration class and the tests.

A test grades them with the TP's own hidden blocks: the two can never drift apart in silence.
"""

from pydantic import JsonValue

from cmlib.authoring.brands.key import boxes, families
from cmlib.cases import Case
from cmlib.french import write_quantity
from cmlib.objectives import engagement_rate, share_of_voice
from cmlib.planning import longest_gap


def tp1(case: Case) -> dict[str, JsonValue]:
    """Return the expert answers to TP 1, by exercise."""
    posts = case.main_posts
    others = case.competitors
    rivals = others[others["type"] == "concurrent"]["mentions"]
    return {
        "1.1": {**families(case)},
        "1.5": {**boxes(case)},
        "1.7": {
            "engagement": write_quantity(engagement_rate(posts, by="reach"), "%", decimals=2),
            "silence": str(longest_gap(posts["published_at"])),
            "voix": write_quantity(share_of_voice([len(case.mentions)], rivals), "%", decimals=2),
        },
    }
