"""SWOT: four boxes on two axes (course, chapter 1)."""

CATEGORIES = {
    "forces": "Forces",
    "faiblesses": "Faiblesses",
    "opportunites": "Opportunités",
    "menaces": "Menaces",
}
"""The four boxes, by id, with their French label."""

ORIGIN = {"forces": "interne", "faiblesses": "interne", "opportunites": "externe", "menaces": "externe"}
"""First axis: does it depend on the brand?"""

EFFECT = {"forces": "favorable", "opportunites": "favorable", "faiblesses": "défavorable", "menaces": "défavorable"}
"""Second axis: does it help the brand?"""
