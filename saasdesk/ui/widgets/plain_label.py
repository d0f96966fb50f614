"""Text as it is: never rich, never hiding anything."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from saasdesk.ui.visible_text import escaped_tip, visible_text


class PlainLabel(QLabel):
    """One line of text in a role ("body", "secondary", "section"…) and a tone ("muted", "ok", "error"…).

    An elided label that is too narrow tells the rest in its tool tip; for several lines there is Paragraph.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "text",
        *,
        digits: bool = False,
        elided: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_elided = elided
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if digits:
            font = self.font()
            font.setFeature(QFont.Tag("tnum"), 1)
            self.setFont(font)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show other text."""
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(visible_text(text))
        self._update_tool_tip()

    def set_tone(self, tone: str) -> None:
        """Show the text in another colour."""
        self.set_look(self.property("role"), tone)

    def set_look(self, role: str, tone: str) -> None:
        """Show the text in another size and colour."""
        if (self.property("role"), self.property("tone")) != (role, tone):
            self.setProperty("role", role)
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self._is_elided:
            # Qt's own does not fall below the least width that an earlier, longer text was given.
            margins = self.contentsMargins()
            text = self.fontMetrics().horizontalAdvance(self.text()) + 1
            hint.setWidth(text + margins.left() + margins.right())
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._is_elided:
            hint.setWidth(self.fontMetrics().horizontalAdvance("…") * 3)
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tool_tip()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_tool_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_cut():
            super().paintEvent(event)
            return
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment() | Qt.AlignmentFlag.AlignVCenter),
            option.palette,
            bool(option.state & QStyle.StateFlag.State_Enabled),
            shown,
            self.foregroundRole(),
        )

    def _is_cut(self) -> bool:
        return self._is_elided and self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def _update_tool_tip(self) -> None:
        if self._is_elided:
            self.setToolTip(escaped_tip(self.text()) if self._is_cut() else "")
