"""Text over several lines, some of it strong or muted."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text

_PREFERRED_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one look."""

    text: str
    strong: bool = False
    tone: str = ""


class Paragraph(QLabel):
    """Wrapped text with the line distance of its role; each part may be strong or of another colour.

    To Qt and to screen readers it is a label with plain text.
    """

    def __init__(
        self,
        theme: Theme,
        *runs: str | Run,
        role: str = "body",
        tone: str = "text",
        wraps: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self._tone = tone
        self._wraps = wraps
        self._runs: tuple[Run, ...] = ()
        # A layout asks for the height of each text dozens of times; forms would open late for it.
        self._lines: dict[tuple[int, int], int] = {}
        self._widths: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred if wraps else QSizePolicy.Policy.Fixed
        )
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)
        self.set_runs(*runs)

    def set_runs(self, *runs: str | Run) -> None:
        """Show other text."""
        self._runs = tuple(_visible_runs(runs))
        self._lines.clear()
        self._widths.clear()
        super().setText("".join(run.text for run in self._runs))
        self.updateGeometry()
        self.update()

    def setText(self, text: str) -> None:
        self.set_runs(text)

    def spans(self) -> list[QTextLayout.FormatRange]:
        """The looks of the parts, as Qt lays text out by them."""
        ranges = []
        start = 0
        for run in self._runs:
            span = QTextLayout.FormatRange()
            span.start = start
            # Positions count UTF-16 units.
            span.length = len(run.text.encode("utf-16-le")) // 2
            look = QTextCharFormat()
            font = self._theme.font(self._role)
            if run.strong:
                font.setWeight(self._theme.font("strong").weight())
            look.setFont(font)
            tone = "disabled" if not self.isEnabled() else run.tone or self._tone
            look.setForeground(self._theme.color(tone))
            span.format = look
            ranges.append(span)
            start += span.length
        return ranges

    def sizeHint(self) -> QSize:
        longest = max(self._natural_width(), 1)
        if not self._wraps:
            return QSize(longest, self._theme.line_height(self._role))
        comfortable = self.fontMetrics().averageCharWidth() * _PREFERRED_CHARACTERS
        width = min(longest, comfortable)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        if not self._wraps:
            return self.sizeHint()
        return QSize(self.fontMetrics().averageCharWidth() * 12, self._theme.line_height(self._role))

    def hasHeightForWidth(self) -> bool:
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        known = (self._theme.zoom, width)
        if known not in self._lines:
            self._lines[known] = max(1, self._laid_out(width).lineCount())
        return self._lines[known] * self._theme.line_height(self._role)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self._laid_out(self.width())
        painter = QPainter(self)
        height = layout.lineCount() * self._theme.line_height(self._role)
        room = max(0, self.height() - height)
        vertical = self.alignment() & Qt.AlignmentFlag.AlignVertical_Mask
        top = 0 if vertical == Qt.AlignmentFlag.AlignTop else room // 2
        layout.draw(painter, QPointF(0, top))

    def _natural_width(self) -> int:
        zoom = self._theme.zoom
        if zoom not in self._widths:
            widest = 0.0
            for line in self.text().split("\n"):
                layout = self._laid_out(1 << 20, line)
                widest = max(widest, layout.lineAt(0).naturalTextWidth() if layout.lineCount() else 0)
            self._widths[zoom] = int(widest) + 2
        return self._widths[zoom]

    def _laid_out(self, width: int, text: str | None = None) -> QTextLayout:
        whole = self.text() if text is None else text
        layout = QTextLayout(whole.replace("\n", "\u2028"), self._theme.font(self._role))
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if self._wraps else QTextOption.WrapMode.NoWrap
        )
        option.setTextDirection(self.layoutDirection())
        layout.setTextOption(option)
        layout.setFormats(self.spans())
        distance = self._theme.line_height(self._role)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top + max(0.0, (distance - line.height()) / 2)))
            top += distance
        layout.endLayout()
        return layout


def _visible_runs(runs: Iterable[str | Run]) -> Iterable[Run]:
    for run in runs:
        whole = Run(run) if isinstance(run, str) else run
        yield Run(visible_text(whole.text, keep_line_breaks=True), whole.strong, whole.tone)
