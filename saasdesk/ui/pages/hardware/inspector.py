"""The pane beside the list of assets: which device it is, who has it, and what changed lately."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from saasdesk.records.assets import AssetFacts
from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.pages.integrations.moments import moment_in_words
from saasdesk.ui.pages.people.story import entries
from saasdesk.ui.pages.people.timeline import Timeline
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.theme import Theme
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
# Said in the head already.
_IN_THE_HEAD = frozenset({"name", "manufacturer", "model", "operating_system"})


class AssetInspector(QWidget):
    """One asset at a glance. Escape and the cross close it."""

    close_wanted = Signal()
    retry_wanted = Signal()
    person_wanted = Signal(int)
    session_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts = CellTexts()
        self._shown: AssetFacts | None = None
        self.setObjectName("asset-inspector")
        self.setAccessibleName(self.tr("Asset"))
        self._build()
        self.show_nothing()

    @property
    def shown(self) -> AssetFacts | None:
        """What is looked at."""
        return self._shown

    def show_asset(self, facts: AssetFacts) -> None:
        """Look at this asset."""
        is_same = self._shown is not None and self._shown.id == facts.id
        self._shown = facts
        values = {field.external_id: str(value) for field, value in facts.values}
        self.name.set_text(facts.name)
        self.setAccessibleDescription(facts.name)
        line = " · ".join(
            filter(None, (values.get("manufacturer"), values.get("model"), values.get("operating_system")))
        )
        self._kind.set_text(line)
        self._kind.setVisible(bool(line))
        self._show_state(facts)
        self.owner.setVisible(facts.owner is not None)
        self.owner.setText(facts.owner_name)
        self._no_owner.setVisible(facts.owner is None)
        self._show_details(facts)
        self.timeline.show_entries(entries(facts.changes))
        self._stack.setCurrentWidget(self._scroll)
        self._set_head_visible(visible=True)
        if not is_same:
            self._scroll.verticalScrollBar().setValue(0)

    def show_nothing(self) -> None:
        """No asset was chosen yet."""
        self._shown = None
        sentence = self.tr("Choose an asset in the list to see its owner, details and latest changes.")
        self._say(Emptiness.NOTHING_YET, self.tr("Nothing chosen"), sentence)

    def show_gone(self) -> None:
        """The asset is there no more."""
        self._shown = None
        self._say(Emptiness.NOTHING_YET, self.tr("No longer here"), self.tr("This record was removed meanwhile."))

    def show_failure(self, reason: str) -> None:
        """The asset could not be read."""
        self._shown = None
        retry = OutlinedButton(self._theme, self.tr("Retry"))
        retry.clicked.connect(self.retry_wanted)
        self._say(Emptiness.LOAD_FAILED, self.tr("Could not be read"), reason, retry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_wanted.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("surface"))

    def _build(self) -> None:
        theme = self._theme
        self.name = PlainLabel("", "section", elided=True)
        self._kind = PlainLabel("", "secondary", "muted", elided=True)
        self.close_button = IconButton(theme, "close", self.tr("Close the inspector"), shortcut="Space")
        words = Column(theme, gap=0)
        words.addWidget(self.name)
        words.addWidget(self._kind)
        head = Row(theme, gap=12, margins=(_SIDE, 12, 12, 12))
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._head_line = Line(theme, tone="line-strong")
        self._empty = EmptyState(theme, Emptiness.NOTHING_YET, "", icon="hardware")
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
        column = Column(theme, gap=8, margins=(_SIDE, 12, _SIDE, 16))
        self._state = StatusWord(theme, status("active"))
        self._state_reason = Paragraph(theme, role="secondary", tone="muted")
        self.owner = LinkButton(theme, "", "person", inline=True)
        self.owner.clicked.connect(self._on_owner_clicked)
        self._no_owner = Paragraph(
            theme, self.tr("Nobody in People is known to have it."), role="secondary", tone="muted"
        )
        self._details_place = Column(theme, gap=0)
        self.timeline = Timeline(theme, self.session_wanted.emit, surface="raised")
        column.addWidget(self._state)
        column.addWidget(self._state_reason)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Owner"), "card-title"))
        column.addWidget(self.owner, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._no_owner)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Details"), "card-title"))
        column.addLayout(self._details_place)
        column.addSpacing(theme.px(8))
        column.addWidget(PlainLabel(self.tr("Latest changes"), "card-title"))
        column.addWidget(self.timeline)
        column.addStretch(1)
        content.setLayout(column)
        return content

    def _say(self, why: Emptiness, title: str, sentence: str, *buttons: OutlinedButton) -> None:
        self._empty.say(why, title, sentence, buttons)
        self._stack.setCurrentWidget(self._empty)
        self._set_head_visible(visible=False)

    def _set_head_visible(self, *, visible: bool) -> None:
        for widget in (self.name, self._head_line):
            widget.setVisible(visible)
        if not visible:
            self._kind.hide()

    def _show_state(self, facts: AssetFacts) -> None:
        word = "archived" if facts.is_archived else "deactivated" if facts.is_deactivated else "active"
        self._state.set_status(status(word))
        since = moment_in_words(facts.deactivated_at) if facts.deactivated_at else ""
        text = " · ".join(filter(None, (since, facts.deactivated_reason))) if facts.is_deactivated else ""
        self._state_reason.set_runs(text)
        self._state_reason.setVisible(bool(text))

    def _show_details(self, facts: AssetFacts) -> None:
        clear_layout(self._details_place)
        now = datetime.now().astimezone()
        grid = FormGrid(self._theme, label_width=136, gap=6, role="secondary")
        grid.setContentsMargins(0, 0, 0, 0)
        for field, value in facts.values:
            if field.external_id not in _IN_THE_HEAD:
                column = ListColumn(field.external_id, field.label, field.type)
                grid.add_value(field.label, self._texts.shown(column, value, now))
        grid.add_value(self.tr("Created"), moment_in_words(facts.created_at))
        grid.add_value(self.tr("Fed by"), facts.fed_by or self.tr("no integration now"))
        holder = QWidget()
        holder.setLayout(grid)
        self._details_place.addWidget(holder)

    def _on_owner_clicked(self) -> None:
        if self._shown is not None and self._shown.owner is not None:
            self.person_wanted.emit(self._shown.owner)
