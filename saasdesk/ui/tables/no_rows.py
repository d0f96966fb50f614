"""What a table says in the place of its rows: why there are none, and the button that changes that."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QPushButton

from saasdesk.errors import UserError
from saasdesk.records.listing import ListQuery
from saasdesk.ui.tables.filter_words import joined, missing_fields, parts_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import PrimaryButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState

MakeButtons = Callable[[], tuple[QPushButton, ...]]


@dataclass(frozen=True, slots=True)
class NothingYet:
    """What a table says before there is anything to show: what will be here, and how to begin."""

    title: str
    sentence: str
    buttons: MakeButtons = tuple


class NoRows(EmptyState):
    """Lies over the rows while there is nothing to show, or nothing that could be read.

    `retried` says that somebody wants the list read again; `asked` has the query that they would rather see answered.
    """

    retried = Signal()
    asked = Signal(object)

    def __init__(self, theme: Theme, nothing_yet: NothingYet | None) -> None:
        super().__init__(theme, Emptiness.NOTHING_YET, "")
        self._theme = theme
        self._nothing_yet = nothing_yet
        # What the button asks for instead.
        self._instead = ListQuery()

    def set_nothing_yet(self, nothing_yet: NothingYet) -> None:
        """Say this from now on where there are no records at all."""
        self._nothing_yet = nothing_yet

    def say_none_listed(self, query: ListQuery, noun: str, total: int) -> None:
        """The answer has no rows; `total` is how many records there are without any filter."""
        if total:
            title = self.tr("0 of {0} match").format(QLocale().toString(total))
            if query.is_narrowed:
                button = self._asking(self.tr("Clear filter"), query.widened())
            else:
                button = self._asking(self.tr("Show all"), replace(query, active=None))
            self._lay(Emptiness.FILTER_HIDES_ALL, title, self._why_none_match(query, noun), (button,))
        elif self._nothing_yet is not None:
            nothing = self._nothing_yet
            self._lay(Emptiness.NOTHING_YET, nothing.title, nothing.sentence, nothing.buttons())
        else:
            self._lay(Emptiness.NOTHING_YET, self.tr("No {0} yet").format(noun), "", ())

    def say_filter_is_broken(self, query: ListQuery, known: Collection[str]) -> None:
        """A filter asks for something that is not among the known columns any more."""
        title = self.tr("A filter asks for a field that is gone")
        sentence = self.tr(
            "“{0}” was deleted, or was never a field of this list. Nothing is shown until the filter is taken away "
            "or asks for another field."
        ).format("”, “".join(missing_fields(query.rule, known)))
        whole = [part for part in parts_of(query.rule) if not missing_fields(part, known)]
        button = self._asking(self.tr("Take the filter away"), replace(query, rule=joined(whole)))
        self._lay(Emptiness.LOAD_FAILED, title, sentence, (button,))

    def say_failed(self, noun: str, error: BaseException) -> None:
        """It could not be read."""
        if isinstance(error, UserError):
            reason = str(error)
        else:
            reason = self.tr("This is a fault of the program: {0}. The log says more.").format(type(error).__name__)
        title = self.tr("The {0} could not be read").format(noun)
        self._lay(Emptiness.LOAD_FAILED, title, reason, self._retry())

    def say_cancelled(self) -> None:
        """Somebody stopped the reading before there was anything."""
        self._lay(Emptiness.LOAD_FAILED, self.tr("Reading was cancelled"), "", self._retry())

    def _why_none_match(self, query: ListQuery, noun: str) -> str:
        if query.is_narrowed:
            return self.tr("No {0} fit the filters above.").format(noun)
        if query.active:
            return self.tr("None of the {0} are active.").format(noun)
        return self.tr("None of the {0} are deactivated.").format(noun)

    def _asking(self, text: str, instead: ListQuery) -> QPushButton:
        self._instead = instead
        button = PrimaryButton(self._theme, text)
        button.clicked.connect(self._on_asked)
        return button

    def _retry(self) -> tuple[QPushButton, ...]:
        button = PrimaryButton(self._theme, self.tr("Retry"))
        button.clicked.connect(self.retried)
        return (button,)

    def _on_asked(self) -> None:
        self.asked.emit(self._instead)

    def _lay(self, why: Emptiness, title: str, sentence: str, buttons: tuple[QPushButton, ...]) -> None:
        self.say(why, title, sentence, buttons)
        self.show()
        self.raise_()
