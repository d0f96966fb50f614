"""Which integrations are shown: a chip for each state that there is, with how many are in it."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.tile_facts import TileFacts
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.chip import ToggleChip, exclusive
from saasdesk.ui.widgets.status_word import status

ALL, ATTENTION = "", "attention"
# The word of a state, in the order in which their chips stand.
_STATES = ("active", "running", "errors", "held", "failed", "overdue", "paused", "draft")


class StateFilter(Flow):
    """One chip is on; a state in which nothing is has none, unless it is the one that was chosen."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, watch: RunWatch, current: str = ALL) -> None:
        super().__init__(theme)
        self._watch = watch
        self.setAccessibleName(self.tr("Integrations in this state"))
        names = {ALL: (self.tr("All"), ""), ATTENTION: (self.tr("Needs attention"), "warning")}
        names.update({word: (status(word).word, status(word).icon) for word in _STATES})
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

    def show_counts(self, facts: Sequence[TileFacts]) -> None:
        """Say how many there are of each."""
        counts = Counter(self._word(each) for each in facts)
        counts[ALL] = len(facts)
        counts[ATTENTION] = sum(each.needs_attention for each in facts)
        for key, chip in self.chips.items():
            chip.setText(f"{self._names[key]} {counts[key]}")
            chip.setVisible(bool(counts[key]) or key in (self.current, ALL))
            chip.updateGeometry()

    def accepts(self, facts: TileFacts) -> bool:
        """Whether the chosen state is that of the integration."""
        match self.current:
            case "":
                return True
            case "attention":
                return facts.needs_attention
            case word:
                return self._word(facts) == word

    def _word(self, facts: TileFacts) -> str:
        return "running" if self._watch.find(facts.integration.name) is not None else facts.word

    def _say(self, key: str, _checked: bool = False) -> None:
        self.chosen.emit(key)
