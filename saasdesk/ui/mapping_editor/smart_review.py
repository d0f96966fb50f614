"""What Smart Mapping found, to be taken in one step: sure ones ticked, likely ones not, weak ones behind a link."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.mapping.smart import Band, Suggestion
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, visible_text
from saasdesk.ui.widgets.buttons import IconButton, LinkButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.ui.widgets.tag import Tag

_WIDTH = 388
_MOST_HEIGHT = 300
_TONES = {Band.HIGH: "ok", Band.LIKELY: "warn", Band.WEAK: "neutral"}


class SmartReview(Card):
    """Floats over the editor. `applied` has what was ticked, and what was offered as sure and unticked."""

    applied = Signal(list, list)
    dismissed = Signal()

    def __init__(self, theme: Theme, board: MappingBoard, parent: QWidget) -> None:
        super().__init__(theme, gap=0, margins=1, parent=parent)
        self._board = board
        self._ticks: list[tuple[QCheckBox, Suggestion]] = []
        self._suggestions: list[Suggestion] = []
        self._shows_weak = False
        self.setAccessibleName(self.tr("Smart Mapping review"))
        self.body.addWidget(self._build_head())
        self._list = Column(theme, gap=0)
        inside = QWidget()
        inside.setLayout(self._list)
        self._scroll = ScrollArea(inside)
        # Qt lets a scrolled widget paint its own background; here the card's shows through.
        inside.setAutoFillBackground(False)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._build_foot())
        self.hide()

    def offer(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these."""
        self._suggestions = list(suggestions)
        # Weak ones step back behind better ones; where there are no others they are what was found.
        self._shows_weak = all(each.band is Band.WEAK for each in suggestions)
        self._show_lines()
        self.show()
        self.raise_()
        first = self.apply if self.apply.isEnabled() else self._ticks[0][0]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        theme = self._theme
        rows = len(self._ticks) * theme.px(52)
        height = min(rows, theme.px(_MOST_HEIGHT)) + theme.px(104)
        return QSize(theme.px(_WIDTH), height)

    @property
    def ticked(self) -> list[Suggestion]:
        """What would be taken."""
        return [suggestion for tick, suggestion in self._ticks if tick.isChecked()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        else:
            super().keyPressEvent(event)

    def _build_head(self) -> QWidget:
        theme = self._theme
        row = Row(theme, gap=8, margins=(16, 10, 8, 10))
        row.addWidget(IconLabel(theme, "smart", "accent", size=16))
        row.addWidget(PlainLabel(self.tr("Smart Mapping review"), "card-title"))
        self._count = PlainLabel("", "secondary", "muted")
        row.addWidget(self._count, 1)
        close = IconButton(theme, "close", self.tr("Close the review"), icon_size=11)
        close.clicked.connect(self._dismiss)
        row.addWidget(close)
        head = QWidget()
        head.setLayout(row)
        return head

    def _build_foot(self) -> QWidget:
        theme = self._theme
        row = Row(theme, gap=8, margins=(16, 10))
        self.weak = LinkButton(theme, "", inline=True)
        self.weak.clicked.connect(self._show_weak)
        row.addWidget(self.weak)
        row.addStretch(1)
        dismiss = OutlinedButton(theme, self.tr("Dismiss"))
        dismiss.clicked.connect(self._dismiss)
        self.apply = PrimaryButton(theme, "")
        self.apply.clicked.connect(self._apply)
        row.addWidget(dismiss)
        row.addWidget(self.apply)
        foot = QWidget()
        foot.setLayout(row)
        return foot

    def _show_lines(self) -> None:
        clear_layout(self._list)
        self._ticks = []
        weak = [each for each in self._suggestions if each.band is Band.WEAK]
        for suggestion in self._suggestions:
            if suggestion.band is not Band.WEAK or self._shows_weak:
                self._list.addWidget(self._line(suggestion))
        self._list.addStretch(1)
        self._count.set_text(self.tr("{0} found").format(len(self._suggestions)))
        is_hidden = bool(weak) and not self._shows_weak
        self.weak.setVisible(is_hidden)
        words = self.tr("{0} weak match…") if len(weak) == 1 else self.tr("{0} weak matches…")
        self.weak.setText(words.format(len(weak)))
        self._count_ticks()

    def _line(self, suggestion: Suggestion) -> QWidget:
        theme, board = self._theme, self._board
        field = board.field_at(Place(suggestion.object, suggestion.target))
        target = field.label if field is not None else suggestion.target
        if suggestion.object is ObjectKind.SAAS_USERS:
            target = self.tr("{0} (SaaS user)").format(target)
        source = board.source_label(suggestion.source)
        tick = QCheckBox(escaped_ampersands(visible_text(f"{source} → {target}")))
        tick.setChecked(suggestion.band is Band.HIGH)
        tick.setAccessibleDescription(suggestion.reason)
        tick.toggled.connect(self._count_ticks)
        self._ticks.append((tick, suggestion))
        sample = board.value_in_record(suggestion.source)
        reason = PlainLabel(suggestion.reason + (f" · “{sample}”" if sample else ""), "caption", "muted", elided=True)
        words = Column(theme, gap=0)
        words.addWidget(tick)
        indented = Row(theme, gap=0, margins=(27, 0, 0, 0))
        indented.addWidget(reason)
        words.addLayout(indented)
        names = {Band.HIGH: self.tr("High"), Band.LIKELY: self.tr("Likely"), Band.WEAK: self.tr("Weak")}
        row = Row(theme, gap=8, margins=(12, 4))
        row.addLayout(words, 1)
        row.addWidget(Tag(theme, f"{names[suggestion.band]} {suggestion.score:.2f}", _TONES[suggestion.band]))
        line = QWidget()
        line.setLayout(row)
        return line

    def _count_ticks(self) -> None:
        count = len(self.ticked)
        self.apply.setText(self.tr("Apply {0}").format(count))
        self.apply.setEnabled(count > 0)

    def _show_weak(self) -> None:
        self._shows_weak = True
        self._show_lines()
        self.updateGeometry()
        self.resize(self.sizeHint())

    def _apply(self) -> None:
        unticked = [each for tick, each in self._ticks if not tick.isChecked() and each.band is Band.HIGH]
        chosen = self.ticked
        self.hide()
        self.applied.emit(chosen, unticked)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
