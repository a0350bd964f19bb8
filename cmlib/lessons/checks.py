"""Questions that answer at once: nothing is marked, the right answer is in the notebook, and what it teaches is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmlib.errors import InvalidInput
from cmlib.french import plural, write_quantity
from cmlib.tp.criteria import within
from cmlib.tp.fields import NumberField
from cmlib.tp.forms import Form
from cmlib.tp.questions import Choice, Classification, Progress, State


@dataclass(frozen=True)
class CheckedChoice(Choice):
    """One option to choose, or several; what is chosen is answered at once.

    Attributes
    ----------
    right
        The right options.
    why
        What the right answer teaches.
    instead
        What is said of a wrong option, by id; « Pas encore. » of the others.
    """

    right: frozenset[str] = frozenset()
    why: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.right or not self.right <= set(self.options):
            raise InvalidInput(f"La question {self.id} a une bonne réponse au moins, parmi ses options.")

    def progress(self, value: object) -> Progress:
        chosen = self.chosen(value)
        if not chosen:
            return super().progress(value)
        if chosen == self.right:
            return Progress(State.COMPLETE, f"Juste. {self.why}")
        wrong = next((option for option in self.options if option in chosen - self.right), "")
        missing = "Il en manque." if self.several and not chosen - self.right else "Pas encore."
        return Progress(State.INCOMPLETE, f"Pas encore. {self.instead[wrong]}" if wrong in self.instead else missing)


@dataclass(frozen=True)
class CheckedClassification(Classification):
    """Items to put into categories; once all are, how many are right, and which are not."""

    key: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if set(self.key) != set(self.items) or not set(self.key.values()) <= set(self.categories):
            raise InvalidInput(f"La question {self.id} : la clé ne couvre pas exactement les éléments à classer.")

    def progress(self, value: object) -> Progress:
        placed = self.normalise(value)
        if len(placed) < len(self.items):
            return super().progress(value)
        wrong = [self.items[item] for item, category in placed.items() if category != self.key[item]]
        if not wrong:
            return Progress(State.COMPLETE, f"Tout est juste. {self.why}")
        right = len(self.items) - len(wrong)
        told = f"{right} sur {len(self.items)} bien {plural(right, 'placé')} ; à revoir : « {' », « '.join(wrong)} »."
        return Progress(State.INCOMPLETE, told)


@dataclass(frozen=True)
class CheckedNumber(Form):
    """One number to find (the field ``reponse``), within a tolerance, in the model's convention (a percentage is a fraction)."""

    expected: float = 0.0
    tolerance: float = 0.0
    why: str = ""

    def progress(self, value: object) -> Progress:
        told = super().progress(value)
        if told.state is not State.COMPLETE:
            return told
        asked = self.fields["reponse"]
        answer = self.read(value, "reponse").value
        if within(self.tolerance, answer, self.expected):
            return Progress(State.COMPLETE, f"Juste. {self.why}")
        unit = asked.unit if isinstance(asked, NumberField) else ""
        return Progress(State.INCOMPLETE, f"Pas encore : {write_quantity(answer, unit, 2)} n’est pas la valeur attendue.")


Checked = CheckedChoice | CheckedClassification | CheckedNumber


def answer_of(question: Checked) -> str:
    """Return the right answer in words, and what it teaches: for a page where nothing can be answered."""
    if isinstance(question, CheckedChoice):
        found = " ; ".join(question.options[option] for option in question.options if option in question.right)
    elif isinstance(question, CheckedClassification):
        found = " ; ".join(f"{text} → {question.categories[question.key[item]]}" for item, text in question.items.items())
    else:
        asked = question.fields["reponse"]
        found = write_quantity(question.expected, asked.unit if isinstance(asked, NumberField) else "", 2)
    return f"{found}. {question.why}".strip()
