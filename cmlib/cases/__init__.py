"""A student's case study: a brand and its year of data, the same whenever and wherever the student opens it.

The brand and one of its base variants follow from the student's identifier (`assign`); the numbers that only formulas judge are
drawn for this student alone (`draw`), written as a tool would export them, defects included (`export`), and read back
(`cleaning`). What the generator of the variants knows, the date of a crisis for one, is not here: it is the trainer's.
"""

from cmlib.cases.assign import BRAND_IDS, VARIANTS, student_key
from cmlib.cases.case import Case, case_study

__all__ = ["BRAND_IDS", "VARIANTS", "Case", "case_study", "student_key"]
