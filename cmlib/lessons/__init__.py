"""The chapters of the course: demonstrations to play with, questions that answer at once, pages that read without a kernel."""

from cmlib.lessons.lesson import open_lesson

__all__ = ["open_lesson"]
