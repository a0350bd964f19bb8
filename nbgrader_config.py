"""nbgrader's configuration, read by every nbgrader command run in this folder and by formgrader."""

from cmlib.grading.config import configure

configure(get_config())  # type: ignore[name-defined]  # noqa: F821
