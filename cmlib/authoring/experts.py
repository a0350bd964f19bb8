"""Expert answers: what a student who gets everything right would write. For the demonstration class and the tests.

A test grades them with the TP's own hidden blocks: the two can never drift apart in silence.
"""

from pydantic import JsonValue

from cmlib.cases import Case
from cmlib.french import write_quantity
from cmlib.objectives import engagement_rate, share_of_voice
from cmlib.planning import longest_gap


def tp1(case: Case) -> dict[str, JsonValue]:
    """Return the expert answers to TP 1, by exercise."""
    posts = case.posts_on("Instagram")
    others = case.competitors
    rivals = others[others["type"] == "concurrent"]["mentions"]
    return {
        "1.1": {
            "p1": "visibilite", "p2": "engagement", "p3": "opinion", "p4": "performance", "p5": "opinion",
            "p6": "performance",
        },
        "1.5": {
            "c01": "forces", "c02": "opportunites", "c03": "faiblesses", "c04": "menaces", "c05": "forces",
            "c06": "opportunites", "c07": "faiblesses", "c08": "menaces", "c09": "forces", "c10": "faiblesses",
            "c11": "opportunites", "c12": "menaces",
        },
        "1.7": {
            "engagement": write_quantity(engagement_rate(posts, by="reach"), "%", decimals=1),
            "silence": str(longest_gap(posts["published_at"])),
            "voix": write_quantity(share_of_voice(case.mentions["mentions"], rivals), "%", decimals=1),
        },
    }  # fmt: skip
