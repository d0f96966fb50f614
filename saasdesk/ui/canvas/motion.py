"""Blocks that go to their new places before one's eyes, so that nobody has to look for them."""

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QApplication, QStyle

from saasdesk.ui.canvas.scene import CanvasScene
from saasdesk.ui.theme import Theme
from saasdesk.workflows.layout import Point

_MILLISECONDS = 180
# More blocks than this would stutter, and they are at once where they belong.
_MOST = 150


class Motion:
    """Plays a change of places; the document is there already."""

    def __init__(self, scene: CanvasScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self._animation = QVariantAnimation(scene)
        self._animation.setDuration(_MILLISECONDS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._show)

    def play(self, before: Mapping[str, Point]) -> None:
        """Let blocks come from where they were, unless the desktop or the settings want no motion."""
        self.stop()
        self._ways = {
            block_id: (QPointF(*before[block_id]), item.pos())
            for block_id, item in self._scene.blocks.items()
            if block_id in before and QPointF(*before[block_id]) != item.pos()
        }
        wants_motion = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
        if wants_motion and not self._theme.reduces_motion and 0 < len(self._ways) <= _MOST:
            self._show(0.0)
            self._animation.start()

    def stop(self) -> None:
        """Be at the end at once."""
        if self._animation.state() == QVariantAnimation.State.Running:
            self._animation.stop()
            self._show(1.0)

    def _show(self, share: float) -> None:
        self._scene.shift({block_id: start + (end - start) * share for block_id, (start, end) in self._ways.items()})
