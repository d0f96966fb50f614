"""Which integrations are shown: a chip for each state that there is, with how many are in it."""

from PySide6.QtCore import QCoreApplication

from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.tile_facts import TileFacts
from saasdesk.ui.state_chips import ALL, ATTENTION, StateChips
from saasdesk.ui.theme import Theme

# The word of a state, in the order in which their chips stand.
_STATES = ("active", "running", "errors", "held", "failed", "overdue", "paused", "draft")


class StateFilter(StateChips[TileFacts]):
    """Running is a state besides: the watch says which of them run."""

    def __init__(self, theme: Theme, watch: RunWatch, current: str = ALL) -> None:
        def word_of(facts: TileFacts) -> str:
            return "running" if watch.find(facts.integration.name) is not None else facts.word

        name = QCoreApplication.translate("StateFilter", "Integrations in this state")
        super().__init__(theme, name, _STATES, word_of, current)


__all__ = ["ALL", "ATTENTION", "StateFilter"]
