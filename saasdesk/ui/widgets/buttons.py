"""Buttons: one filled one for each area of a page, outlined ones, links, and those that only show an icon."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_ampersands, escaped_tip, visible_text
from saasdesk.ui.widgets.box import area_of, draw_box, draw_focus_ring

_OF_THE_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class PaintedButton(QPushButton):
    """What all our buttons share: plain text, painting by tokens, a ring when the keyboard is here."""

    def __init__(self, theme: Theme, text: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self._was_clicked_into = False
        self._text = ""
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._text = visible_text(text)
        super().setText(escaped_ampersands(self._text))
        self.updateGeometry()

    @property
    def label(self) -> str:
        """What stands on the button."""
        return self._text

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    @property
    def has_ring(self) -> bool:
        """Whether the focus came by the keyboard or the program, not by a click that everybody saw."""
        return self.hasFocus() and not self._was_clicked_into

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._was_clicked_into = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._was_clicked_into = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._was_clicked_into = False
        self.update()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & ~_OF_THE_KEYPAD:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            # What the keyboard is on is pressed, never another button that the dialog has for Return.
            self.click()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Look(Enum):
    """How a button with text is drawn."""

    PRIMARY = "primary"
    OUTLINED = "outlined"
    DANGER = "danger"
    LINK = "link"


class TextButton(PaintedButton):
    """A button with a text, and an icon before it if one is named."""

    look = Look.OUTLINED
    side = 12
    _is_icon_only = False
    _own_tip = ""

    def set_icon_only(self, is_icon_only: bool) -> None:
        """Leave the text to the tip where there is no room for it; screen readers hear it as ever."""
        if is_icon_only != self._is_icon_only:
            self._is_icon_only = is_icon_only
            if is_icon_only:
                self._own_tip = self.toolTip()
            self.setToolTip((self._own_tip or escaped_tip(self._text)) if is_icon_only else self._own_tip)
            self.updateGeometry()
            self.update()

    @property
    def has_icon(self) -> bool:
        """Whether an icon stands before its text."""
        return bool(self._icon_name)

    @property
    def is_icon_only(self) -> bool:
        """Whether the text is left to the tip."""
        return self._is_icon_only

    @property
    def width_of_text(self) -> int:
        """How much of its width is for the text."""
        gap = self._theme.px(6) if self._icon_name and self._text else 0
        return QFontMetrics(self._label_font()).horizontalAdvance(self._text) + gap

    def room_for_mark(self) -> int:
        """What a kind of button keeps free after its text, for a mark of its own."""
        return 0

    def sizeHint(self) -> QSize:
        theme = self._theme
        width = (0 if self._is_icon_only else self.width_of_text) + 2 * theme.px(self.side) + 1
        width += self.room_for_mark()
        if self._icon_name:
            width += theme.measure("icon")
        if self.menu() is not None:
            width += theme.measure("icon") + theme.px(4)
        return QSize(width, theme.measure("control"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, edge, ink = self._colors()
        theme = self._theme
        radius = theme.measure("radius")
        area = area_of(self)
        if self.has_ring:
            inside = draw_focus_ring(painter, theme, area, radius)
            draw_box(painter, inside, max(2, radius - 3), theme.color(fill) if fill else None)
        else:
            draw_box(
                painter,
                area,
                radius,
                theme.color(fill) if fill else None,
                theme.color(edge) if edge else None,
                edge_width=theme.edge,
            )
        self._paint_content(painter, ink)

    def _colors(self) -> tuple[str, str, str]:
        """Fill, edge and ink as token names."""
        is_over = self.isEnabled() and self.underMouse()
        state = "-pressed" if self.isDown() else "-hover" if is_over else ""
        match self.look:
            case Look.PRIMARY if self.isEnabled():
                return "accent" + state, "", "on-accent"
            case Look.PRIMARY:
                return "neutral-tint", "line-strong", "disabled"
            case Look.DANGER if self.isEnabled():
                return "danger" + state, "", "on-danger"
            case Look.DANGER:
                return "danger-disabled", "", "on-danger-disabled"
            case Look.OUTLINED if self.isEnabled():
                return "raised" if not state else state.removeprefix("-"), "border", "text"
            case Look.OUTLINED:
                return "", "line-strong", "disabled"
            case Look.LINK:
                return "", "", "accent" if self.isEnabled() else "disabled"

    def _label_font(self) -> QFont:
        filled = self.look in (Look.PRIMARY, Look.DANGER)
        return self._theme.font("strong" if filled else "body")

    def _paint_content(self, painter: QPainter, ink: str) -> None:
        theme = self._theme
        font = self._label_font()
        metrics = QFontMetrics(font)
        icon_side = theme.measure("icon")
        words = "" if self._is_icon_only else self._text
        gap = theme.px(6) if words else 0
        room = self.width() - 2 * theme.px(self.side)
        taken = (icon_side + gap if self._icon_name else 0) + self.room_for_mark()
        taken += icon_side + theme.px(4) if self.menu() is not None else 0
        text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, room - taken) + 1)
        text_width = metrics.horizontalAdvance(text)
        x = theme.px(self.side) + max(0, room - taken - text_width) // 2
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft

        def place(left: int, width: int) -> QRect:
            return QRect(self.width() - left - width if is_rtl else left, 0, width, self.height())

        if self._icon_name:
            theme.paint_icon(painter, place(x, icon_side), self._icon_name, ink)
            x += icon_side + gap
        painter.setFont(self._underlined(font))
        painter.setPen(theme.color(ink))
        painter.drawText(
            place(x, text_width + 2), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text
        )
        if self.menu() is not None:
            theme.paint_icon(
                painter, place(self.width() - theme.px(self.side) - icon_side, icon_side), "chevron-down", ink, 12
            )

    def _underlined(self, font: QFont) -> QFont:
        if self.look is Look.LINK and self.isEnabled() and self.underMouse():
            font.setUnderline(True)
        return font


def fit_words(buttons: Sequence[TextButton], needed: int, room: int) -> None:
    """Buttons with icons leave their words to their tips where all of it needs more than there is room for."""
    giving_way = [button for button in buttons if button.has_icon]
    needed += sum(button.width_of_text for button in giving_way if button.is_icon_only)
    for button in giving_way:
        button.set_icon_only(needed > room)


class PrimaryButton(TextButton):
    """The one thing an admin is most likely to do here."""

    look = Look.PRIMARY


class OutlinedButton(TextButton):
    """A usual action."""

    look = Look.OUTLINED


class DangerButton(TextButton):
    """What cannot be taken back."""

    look = Look.DANGER


class LinkButton(TextButton):
    """A quiet action, or a way to somewhere else. Inline links sit tight within a line of text."""

    look = Look.LINK

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        icon: str = "",
        *,
        inline: bool = False,
        role: str = "body",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, icon, parent)
        self._inline = inline
        self._role = role
        self.side = 2 if inline else 8
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._inline:
            hint.setHeight(max(self._theme.line_height(self._role), self._theme.px(24)))
        return hint

    def _label_font(self) -> QFont:
        return self._theme.font(self._role)


class IconButton(PaintedButton):
    """A button that shows an icon only, so it must say its name to screen readers and in a tool tip."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        shortcut: str = "",
        tone: str = "muted",
        size: int = 28,
        icon_size: float = 14,
        outlined: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "", icon, parent)
        if not name:
            raise ValueError("a button without text needs a name")
        self._tone = tone
        self._size = size
        self._icon_size = icon_size
        self._outlined = outlined
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name, shortcut)

    def set_name(self, name: str, shortcut: str = "") -> None:
        """Say something else to screen readers and in the tool tip."""
        self.setAccessibleName(visible_text(name))
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(escaped_tip(f"{name} ({keys})" if keys else name))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._size), self._theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        radius = theme.measure("radius")
        fill: QColor | None = theme.color("raised") if self._outlined and self.isEnabled() else None
        if self.isEnabled() and (self.isDown() or self.isChecked()):
            fill = theme.color("pressed")
        elif self.isEnabled() and self.underMouse():
            fill = theme.color("hover")
        edge = theme.color("border" if self.isEnabled() else "line-strong") if self._outlined else None
        area: QRectF = area_of(self)
        if self.has_ring:
            area = draw_focus_ring(painter, theme, area, radius)
            draw_box(painter, area, max(2, radius - 3), fill)
        else:
            draw_box(painter, area, radius, fill, edge, edge_width=theme.edge)
        over = self.isEnabled() and self.underMouse() and self._tone == "muted"
        token = "disabled" if not self.isEnabled() else "text" if over else self._tone
        theme.paint_icon(painter, self.rect(), self._icon_name, token, self._icon_size)
