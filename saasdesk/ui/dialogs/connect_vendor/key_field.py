"""Where a key is typed or pasted: masked, shown only while a button is held, never shown again once it is saved."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton

_EYE = 24


class KeyField(QLineEdit):
    """A password field with an eye at its end. Its text leaves it only into the keyring."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        # Nobody can copy a key out of here, not even while it is shown.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.eye = IconButton(
            theme, "eye", self.tr("Show the key while this is held"), size=_EYE, icon_size=14, parent=self
        )
        self.eye.setCursor(Qt.CursorShape.ArrowCursor)
        self.eye.pressed.connect(self._show_key)
        self.eye.released.connect(self._hide_key)
        self.textChanged.connect(self._on_text_changed)
        theme.changed.connect(self._place_eye)
        self.set_saved(is_saved=False)
        self._on_text_changed()
        self._place_eye()

    def forget(self) -> None:
        """Empty the field for good; `clear` would leave a way back by undo."""
        self._hide_key()
        self.setText("")

    def set_saved(self, *, is_saved: bool) -> None:
        """Say that a key is saved, so that an empty field means: keep it."""
        self.setPlaceholderText(
            self.tr("Saved. Leave empty to keep it, or enter another one.") if is_saved else self.tr("Paste the key")
        )

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hide_key()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_eye()

    def _show_key(self) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal)

    def _hide_key(self) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def _on_text_changed(self) -> None:
        self.eye.setEnabled(bool(self.text()))

    def _place_eye(self) -> None:
        side = self._theme.px(_EYE)
        gap = max(0, (self.height() - side) // 2)
        is_rtl = self.isRightToLeft()
        self.eye.setGeometry(gap if is_rtl else self.width() - side - gap, gap, side, side)
        room = side + gap
        self.setTextMargins(room if is_rtl else 0, 0, 0 if is_rtl else room, 0)
