"""Which things of a page are shown: a chip for each state that there is, with how many are in it."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Signal

from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.chip import ToggleChip, exclusive
from saasdesk.ui.widgets.status_word import status

ALL, ATTENTION = "", "attention"


class HasState(Protocol):
    """Something in one of the states."""

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at it."""


Thing = TypeVar("Thing", bound=HasState)


class StateChips(Flow, Generic[Thing]):
    """One chip is on; a state in which nothing is has none, unless it is the one that was chosen.

    `states` are the words of the states in the order of their chips, `word_of` says in which of them a thing is.
    """

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, name: str, states: Sequence[str], word_of: Callable[[Thing], str], current: str = ALL
    ) -> None:
        super().__init__(theme)
        self._word_of = word_of
        self.setAccessibleName(name)
        names = {ALL: (self.tr("All"), ""), ATTENTION: (self.tr("Needs attention"), "warning")}
        names.update({word: (status(word).word, status(word).icon) for word in states})
        self._names = {key: name for key, (name, _) in names.items()}
        self.chips = {key: ToggleChip(theme, name, icon) for key, (name, icon) in names.items()}
        exclusive(list(self.chips.values()))
        for place, (key, chip) in enumerate(self.chips.items()):
            self.insert(place, chip)
            chip.clicked.connect(partial(self._say, key))
        self.chips[current if current in self.chips else ALL].setChecked(True)

    @property
    def current(self) -> str:
        """The chosen state; empty for all, "attention" for whatever somebody should look at."""
        return next(key for key, chip in self.chips.items() if chip.isChecked())

    def choose(self, key: str) -> None:
        """Turn a chip on, and say so."""
        self.chips[key].setChecked(True)
        self._say(key)

    def show_counts(self, things: Sequence[Thing]) -> None:
        """Say how many there are of each."""
        counts = Counter(self._word_of(each) for each in things)
        counts[ALL] = len(things)
        counts[ATTENTION] = sum(each.needs_attention for each in things)
        for key, chip in self.chips.items():
            chip.setText(f"{self._names[key]} {counts[key]}")
            chip.setVisible(bool(counts[key]) or key in (self.current, ALL))
            chip.updateGeometry()

    def accepts(self, thing: Thing) -> bool:
        """Whether the chosen state is the one of the thing."""
        match self.current:
            case "":
                return True
            case "attention":
                return thing.needs_attention
            case word:
                return self._word_of(thing) == word

    def _say(self, key: str, _checked: bool = False) -> None:
        self.chosen.emit(key)
