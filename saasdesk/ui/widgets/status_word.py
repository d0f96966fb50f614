"""What state something is in: an icon and a word in one colour, in cards and in tables alike."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text


@dataclass(frozen=True, slots=True)
class Status:
    """A state as it is shown; colour never says it alone."""

    word: str
    icon: str
    token: str


# key → English word, icon, colour. The words are translated when they are asked for.
_STATES = {
    "active": ("Active", "ok", "ok"),
    "approved": ("Approved", "approve", "ok"),
    "archived": ("Archived", "archive", "muted"),
    "cancelled": ("Cancelled", "cancel", "muted"),
    "cancelling": ("Cancelling", "running", "muted"),
    "completed": ("Completed", "ok", "ok"),
    "deactivated": ("Deactivated", "gone", "muted"),
    "disabled": ("Disabled", "disabled", "muted"),
    "draft": ("Draft", "draft", "muted"),
    "empty": ("Empty", "dot", "muted"),
    "errors": ("Errors in last run", "warning", "warn"),
    "expired": ("Expired", "error", "error"),
    "expires": ("Expires soon", "clock", "warn"),
    "failed": ("Failed", "error", "error"),
    "gone": ("Gone", "gone", "muted"),
    "held": ("Held", "shield", "warn"),
    "inactive": ("Inactive", "gone", "muted"),
    "interrupted": ("Interrupted", "warning", "warn"),
    "leaving": ("Leaving", "warning", "warn"),
    "left": ("Left", "leave", "muted"),
    "missed": ("Missed", "clock", "warn"),
    "muted": ("Muted", "bell-off", "muted"),
    "never_run": ("Never run", "clock", "muted"),
    "no": ("No", "error", "error"),
    "not_checked": ("Not checked", "unknown", "muted"),
    "overdue": ("Overdue", "clock", "warn"),
    "partly": ("Partly done", "warning", "warn"),
    "passed": ("Passed", "ok", "ok"),
    "paused": ("Paused", "paused", "muted"),
    "planned": ("Planned", "clock", "muted"),
    "protected": ("Protected", "lock", "muted"),
    "review": ("Needs review", "warning", "warn"),
    "running": ("Running", "running", "accent"),
    "skipped": ("Skipped", "chevron-right", "muted"),
    "stalled": ("Stalled", "hourglass", "warn"),
    "suspended": ("Suspended", "warning", "warn"),
    "timed_out": ("Timed out", "hourglass", "error"),
    "unknown": ("Unknown", "unknown", "muted"),
    "waiting": ("Waiting", "hourglass", "muted"),
    "yes": ("Yes", "ok", "ok"),
}


def status(key: str, word: str = "") -> Status:
    """The status of that key, with another word where more is to be said ("Held: 14 deactivations")."""
    english, icon, token = _STATES[key]
    return Status(word or QCoreApplication.translate("Status", english), icon, token)


def status_size(theme: Theme, shown: Status, *, small: bool = False) -> QSize:
    """How much room icon and word take."""
    width = QFontMetrics(theme.font(_role(small))).horizontalAdvance(shown.word)
    return QSize(theme.measure("icon") + theme.px(6) + width + 1, theme.line_height(_role(small)))


def paint_status(painter: QPainter, theme: Theme, area: QRect, shown: Status, *, small: bool = False) -> None:
    """Draw icon and word at the start of an area, in its middle line; a word too long ends in an ellipsis."""
    painter.save()
    side = theme.measure("icon")
    gap = theme.px(6)
    font = theme.font(_role(small))
    word_width = area.width() - side - gap
    word = QFontMetrics(font).elidedText(visible_text(shown.word), Qt.TextElideMode.ElideRight, word_width)
    mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    icon_left = area.right() - side + 1 if mirrored else area.left()
    word_left = area.left() if mirrored else area.left() + side + gap
    theme.paint_icon(painter, QRect(icon_left, area.top(), side, area.height()), shown.icon, shown.token)
    painter.setFont(font)
    painter.setPen(theme.color(shown.token))
    alignment = Qt.AlignmentFlag.AlignVCenter | (
        Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    )
    painter.drawText(QRect(word_left, area.top(), word_width, area.height()), int(alignment), word)
    painter.restore()


class StatusWord(QLabel):
    """A status among other widgets; screen readers hear the word."""

    def __init__(self, theme: Theme, shown: Status, *, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._status = shown
        self._small = small
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_status(shown)

    @property
    def status(self) -> Status:
        """What is shown."""
        return self._status

    def set_status(self, shown: Status) -> None:
        """Show another state."""
        self._status = shown
        self.setText(visible_text(shown.word))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return status_size(self._theme, self._status, small=self._small)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_status(QPainter(self), self._theme, self.rect(), self._status, small=self._small)


def _role(small: bool) -> str:
    return "secondary-strong" if small else "strong"
