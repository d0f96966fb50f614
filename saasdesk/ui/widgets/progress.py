"""How far a job is: a thin bar, or a moving piece of it while nobody knows."""

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.box import area_of, draw_box

_STEP_MILLISECONDS = 50
_STEPS = 32
_PIECE = 0.3


class ProgressBar(QProgressBar):
    """A bar of 4 px; `set_share(None)` means that the end is not known."""

    def __init__(self, theme: Theme, name: str, width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self._share: float | None = None
        self._step = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_STEP_MILLISECONDS)
        self._clock.timeout.connect(self._on_timeout)
        self.setTextVisible(False)
        self.setRange(0, 1000)
        self.setAccessibleName(name)
        self.setSizePolicy(
            QSizePolicy.Policy.Fixed if width else QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )
        self.set_share(0.0)

    def set_share(self, share: float | None) -> None:
        """A part of 1, or None."""
        self._share = None if share is None else max(0.0, min(1.0, share))
        self.setValue(round((self._share or 0) * 1000))
        self._run_clock()
        self.update()

    @property
    def is_moving(self) -> bool:
        """Whether a piece wanders along the bar."""
        return self._clock.isActive()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._width or 72), self._theme.measure("progress"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._width else QSize(self._theme.px(24), self._theme.measure("progress"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_clock()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        area = area_of(self)
        radius = area.height() / 2
        edge = theme.color("border") if theme.high_contrast else None
        draw_box(painter, area, radius, theme.color("track"), edge)
        filled = QRectF(area)
        if self._share is None:
            piece = area.width() * _PIECE
            filled.setWidth(piece)
            filled.moveLeft((area.width() - piece) * abs(2 * self._step / _STEPS - 1))
        else:
            filled.setWidth(max(area.height(), area.width() * self._share) if self._share else 0)
            if self.isRightToLeft():
                filled.moveRight(area.right())
        if filled.width():
            draw_box(painter, filled, radius, theme.color("accent" if self.isEnabled() else "disabled"))

    def _run_clock(self) -> None:
        if self._share is None and self.isVisible() and not self._theme.reduces_motion:
            self._clock.start()
        else:
            self._clock.stop()

    def _on_timeout(self) -> None:
        self._step = (self._step + 1) % _STEPS
        self.update()
