"""What an overview shows of all that there is: what was searched for, in which state, as tiles or in a list."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from saasdesk.ui.navigation import Command
from saasdesk.ui.state_chips import ALL, StateChips, Thing
from saasdesk.ui.tables import Memory
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl

# At 100 %: below these widths the words of the views, or how many there are, do not fit.
_ROOM_FOR_WORDS, _ROOM_FOR_COUNT = 680, 880
_FILTER_WIDTH = 216


def kept_of(memory: Memory, key: str) -> Mapping[str, Any]:
    """How an overview was left; nothing where it was never seen."""
    kept = memory.get(key)
    return kept if isinstance(kept, dict) else {}


class Narrowing(QObject, Generic[Thing]):
    """The field, the views and the chips at the head of an overview; the page places the chips where it likes.

    `matches` says whether a thing is meant by what was typed, `kept` is how the page was left.
    """

    changed = Signal()

    def __init__(
        self,
        page: QWidget,
        theme: Theme,
        header: PageHeader,
        prompt: str,
        views: Sequence[Choice],
        states: StateChips[Thing],
        matches: Callable[[Thing, str], bool],
        kept: Mapping[str, Any],
    ) -> None:
        super().__init__(page)
        self._theme, self._header, self._matches, self._views = theme, header, matches, tuple(views)
        self.states = states
        self.filter = SearchField(theme, prompt, _FILTER_WIDTH)
        self.filter.setText(str(kept.get("search", "")))
        view = kept.get("view")
        keys = [choice.key for choice in views]
        self.view = SegmentedControl(theme, self.tr("View"), views, str(view) if view in keys else keys[0])
        header.add_actions(self.filter, self.view)
        self.filter.textChanged.connect(self._say)
        self.view.chosen.connect(self._say)
        states.chosen.connect(self._say)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), page)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find_wanted)

    def accepts(self, thing: Thing) -> bool:
        """Whether a thing is shown."""
        return self._matches(thing, self.filter.text()) and self.states.accepts(thing)

    @property
    def kept(self) -> dict[str, Any]:
        """What is to be remembered."""
        return {"view": self.view.current, "search": self.filter.text(), "state": self.states.current}

    def choose_view(self, key: str) -> None:
        """Show the things in another way."""
        self.view.set_current(key)
        self.changed.emit()

    def commands(self) -> Sequence[Command]:
        """A command for each view."""
        return [
            Command(choice.text, partial(self.choose_view, choice.key), "", choice.icon, "View")
            for choice in self._views
        ]

    def set_shown(self, *, is_shown: bool) -> None:
        """With nothing to look through there is nothing to choose."""
        for widget in (self.filter, self.view, self.states):
            widget.setVisible(is_shown)

    def fit(self, room: int, *, has_things: bool) -> None:
        """Where there is little room the views are named by their icons; the chips say how many there are, too."""
        self.view.set_compact(is_compact=room < self._theme.px(_ROOM_FOR_WORDS))
        self._header.subtitle.setHidden(not has_things or room < self._theme.px(_ROOM_FOR_COUNT))

    def clear(self) -> None:
        """Show all."""
        self.filter.clear()
        self.states.choose(ALL)

    def _on_find_wanted(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _say(self) -> None:
        self.changed.emit()
