"""Text of at most so many lines; the rest is in its tool tip."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text


class ClampedText(QLabel):
    """Wraps like a paragraph, and ends its last line in an ellipsis when there is more; screen readers hear all."""

    def __init__(self, theme: Theme, lines: int, role: str = "body", tone: str = "text") -> None:
        super().__init__()
        self._theme, self._lines, self._role, self._tone = theme, lines, role, tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        super().setText(" ".join(visible_text(text, keep_line_breaks=True).split()))
        self._update_tool_tip()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.line_height(self._role) * self._lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(48), self._theme.line_height(self._role))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._theme.line_height(self._role) * len(self._shown_lines(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tool_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setFont(theme.font(self._role))
        painter.setPen(theme.color(self._tone))
        height = theme.line_height(self._role)
        metrics = painter.fontMetrics()
        for place, line in enumerate(self._shown_lines(self.width())):
            top = place * height + (height - metrics.height()) / 2 + metrics.ascent()
            left = self.width() - metrics.horizontalAdvance(line) if self.isRightToLeft() else 0
            painter.drawText(QPointF(left, top), line)

    def _shown_lines(self, width: int) -> list[str]:
        whole = self._wrapped(width)
        if len(whole) <= self._lines:
            return whole
        shown = whole[: self._lines]
        rest = " ".join(whole[self._lines - 1 :])
        metrics = QFontMetrics(self._theme.font(self._role))
        shown[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
        return shown

    def _wrapped(self, width: int) -> list[str]:
        text = self.text()
        layout = QTextLayout(text, self._theme.font(self._role))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        # Positions count UTF-16 units.
        units = text.encode("utf-16-le")
        lines = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            start, length = line.textStart() * 2, line.textLength() * 2
            lines.append(units[start : start + length].decode("utf-16-le").strip())
        layout.endLayout()
        return lines

    def _update_tool_tip(self) -> None:
        is_cut = len(self._wrapped(self.width())) > self._lines
        self.setToolTip(escaped_tip(self.text()) if is_cut else "")
