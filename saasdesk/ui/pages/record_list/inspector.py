"""The pane beside a list of records: the one that is looked at, with its state, details and latest changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from saasdesk.fields import Field
from saasdesk.records.history import RecordChange
from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.pages.record_list.story import entries
from saasdesk.ui.pages.record_list.timeline import Timeline
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.times import shown_now
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.status_word import StatusWord, status

_SIDE = 16


class RecordFacts(Protocol):
    """What is known of a record of whatever kind."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def is_deactivated(self) -> bool: ...
    @property
    def deactivated_at(self) -> str | None: ...
    @property
    def deactivated_reason(self) -> str: ...
    @property
    def is_archived(self) -> bool: ...
    @property
    def created_at(self) -> str: ...
    @property
    def values(self) -> tuple[tuple[Field, str | int | float], ...]: ...
    @property
    def changes(self) -> tuple[RecordChange, ...]: ...


Facts = TypeVar("Facts", bound=RecordFacts)


@dataclass(frozen=True, slots=True)
class InspectorWords:
    """How an inspector speaks of its kind of record."""

    kind: str
    icon: str
    nothing_title: str
    nothing_sentence: str
    hidden_sentence: str


class RecordInspector(QWidget, Generic[Facts]):
    """One record at a glance. Escape and the cross close it.

    A kind of record says how it is spoken of (`words`), what the head shows (`avatar`, `head_line`, and `in_the_head`
    so that no detail repeats it), what stands between state and details (`build_own`, `show_own`), and where the record
    comes from (`origin`).
    """

    close_wanted = Signal()
    retry_wanted = Signal()
    filters_wanted_off = Signal()
    session_wanted = Signal(int)

    in_the_head: frozenset[str] = frozenset()
    label_width = 112

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = words = self.words()
        self._avatar = self.avatar()
        self._texts = CellTexts()
        self._shown: Facts | None = None
        self.setAccessibleName(words.kind)
        self._build()
        self.show_nothing()

    @property
    def shown(self) -> Facts | None:
        """What is looked at."""
        return self._shown

    # What a kind of record says

    def words(self) -> InspectorWords:
        """How this kind of record is spoken of."""
        raise NotImplementedError

    def avatar(self) -> QWidget | None:
        """What stands before the name; nothing, unless a kind of record has something."""
        return None

    def head_line(self, facts: Facts) -> Iterable[str]:
        """What stands in the head below the name; empty parts are left out."""
        raise NotImplementedError

    def build_own(self, state: Row, column: Column) -> None:
        """Put what only this kind of record has at the end of the line of its state, and below it."""
        raise NotImplementedError

    def show_own(self, facts: Facts) -> None:
        """Fill what `build_own` made."""
        raise NotImplementedError

    def origin(self, facts: Facts) -> Iterable[tuple[str, str]]:
        """The last details, each with its label: where the record comes from."""
        raise NotImplementedError

    def value_of(self, facts: Facts, field: Field, shown: str) -> str | QWidget:
        """What stands beside the label of a field: its value, or a widget that shows it."""
        del facts, field
        return shown

    def further_details(self, facts: Facts) -> Iterable[tuple[str, str]]:
        """Details that are no fields, each with its label."""
        del facts
        return ()

    def latest(self, facts: Facts) -> Sequence[RecordChange]:
        """The latest changes that are worth a look, newest first."""
        return facts.changes

    # What is shown

    def show_record(self, facts: Facts) -> None:
        """Look at this record."""
        is_same = self._shown is not None and self._shown.id == facts.id
        self._shown = facts
        self.name.set_text(facts.name)
        self.setAccessibleDescription(visible_text(facts.name))
        line = " · ".join(filter(None, self.head_line(facts)))
        self._line.set_text(line)
        self._line.setVisible(bool(line))
        self._show_state(facts)
        self.show_own(facts)
        self.show_details(facts)
        self.timeline.show_entries(entries(self.latest(facts)))
        self._stack.setCurrentWidget(self._scroll)
        self._set_head_visible(visible=True)
        if not is_same:
            self._scroll.verticalScrollBar().setValue(0)

    def show_nothing(self) -> None:
        """Nothing was chosen yet."""
        self._say(Emptiness.NOTHING_YET, self._words.nothing_title, self._words.nothing_sentence)

    def show_gone(self) -> None:
        """The record is there no more."""
        self._say(Emptiness.NOTHING_YET, self.tr("No longer here"), self.tr("This record was removed meanwhile."))

    def show_failure(self, reason: str) -> None:
        """The record could not be read."""
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.retry_wanted)
        self._say(Emptiness.LOAD_FAILED, self.tr("Could not be read"), reason, (retry,))

    def show_hidden_note(self, *, is_hidden: bool) -> None:
        """Say that the list does not show this record because of its filters."""
        self._hidden.setVisible(is_hidden)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_wanted.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("surface"))

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.name = PlainLabel("", "section", elided=True)
        self._line = PlainLabel("", "secondary", "muted", elided=True)
        self.close_button = IconButton(theme, "close", self.tr("Close the inspector"), shortcut="Space")
        words = Column(theme, gap=0)
        words.addWidget(self.name)
        words.addWidget(self._line)
        head = Row(theme, gap=12, margins=(_SIDE, 12, 12, 12))
        if self._avatar is not None:
            head.addWidget(self._avatar)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._head_line = Line(theme, tone="line-strong")
        self._empty = EmptyState(theme, Emptiness.NOTHING_YET, "", icon=self._words.icon)
        content = self._build_content()
        self._scroll = ScrollArea(content)
        # Qt lets a scrolled widget paint its own background; here the pane's shows through.
        content.setAutoFillBackground(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._scroll)
        column = Column(theme, gap=0)
        column.addLayout(head)
        column.addWidget(self._head_line)
        column.addWidget(self._stack, 1)
        self.setLayout(column)
        self.close_button.clicked.connect(self.close_wanted)

    def _build_content(self) -> QWidget:
        theme = self._theme
        content = QWidget()
        self._state = StatusWord(theme, status("active"))
        self._state_reason = Paragraph(theme, role="secondary", tone="muted")
        self._details_place = Column(theme, gap=0)
        self.timeline = Timeline(theme, self.session_wanted.emit, surface="raised")
        state = Row(theme, gap=8)
        state.addWidget(self._state)
        state.addStretch(1)
        own = Column(theme, gap=8)
        self.build_own(state, own)
        column = Column(theme, gap=8, margins=(_SIDE, 12, _SIDE, 16))
        column.addWidget(self._build_hidden_note())
        column.addLayout(state)
        column.addWidget(self._state_reason)
        column.addLayout(own)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Details"), "card-title"))
        column.addLayout(self._details_place)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Latest changes"), "card-title"))
        column.addWidget(self.timeline)
        column.addStretch(1)
        content.setLayout(column)
        return content

    def _build_hidden_note(self) -> QWidget:
        self._hidden = QWidget()
        row = Row(self._theme, gap=8)
        row.addWidget(Paragraph(self._theme, self._words.hidden_sentence, role="secondary"), 1)
        clear = LinkButton(self._theme, self.tr("Clear filters"), inline=True, role="secondary")
        clear.clicked.connect(self.filters_wanted_off)
        row.addWidget(clear)
        self._hidden.setLayout(row)
        self._hidden.hide()
        return self._hidden

    def _say(self, why: Emptiness, title: str, sentence: str, buttons: tuple[QPushButton, ...] = ()) -> None:
        self._shown = None
        self._empty.say(why, title, sentence, buttons)
        self._stack.setCurrentWidget(self._empty)
        self._set_head_visible(visible=False)

    def _set_head_visible(self, *, visible: bool) -> None:
        parts: tuple[Any, ...] = (self._avatar, self.name, self._head_line)
        for widget in filter(None, parts):
            widget.setVisible(visible)
        if not visible:
            self._line.hide()

    def _show_state(self, facts: Facts) -> None:
        word = "archived" if facts.is_archived else "deactivated" if facts.is_deactivated else "active"
        self._state.set_status(status(word))
        since = moment_in_words(facts.deactivated_at) if facts.deactivated_at else ""
        text = " · ".join(filter(None, (since, facts.deactivated_reason))) if facts.is_deactivated else ""
        self._state_reason.set_runs(text)
        self._state_reason.setVisible(bool(text))

    def show_details(self, facts: Facts) -> None:
        """Write the details anew, as more is known of the record that is shown."""
        clear_layout(self._details_place)
        now = shown_now()
        grid = FormGrid(self._theme, label_width=self.label_width, gap=6, role="secondary")
        grid.setContentsMargins(0, 0, 0, 0)
        for field, value in facts.values:
            if field.external_id not in self.in_the_head:
                column = ListColumn(field.external_id, field.label, field.type)
                shown = self._texts.shown(column, value, now)
                grid.add_value(field.label, self.value_of(facts, field, shown))
        for label, text in self.further_details(facts):
            grid.add_value(label, text)
        grid.add_value(self.tr("Created"), moment_in_words(facts.created_at))
        for label, text in self.origin(facts):
            grid.add_value(label, text)
        holder = QWidget()
        holder.setLayout(grid)
        self._details_place.addWidget(holder)
