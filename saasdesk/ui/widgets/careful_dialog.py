"""A form in a window of its own that does not lose by a stray Escape what was entered in it."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.question import Question


class CarefulDialog(QDialog):
    """Escape and the cross of the window ask before changes go; Cancel means what it says."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._at_first: list[str] | None = None

    def has_changes(self) -> bool:
        """Whether something was entered that closing would lose."""
        return self._at_first is not None and _entered(self) != self._at_first

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._at_first is None:
            self._at_first = _entered(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self._asks():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks():
            event.ignore()
        else:
            super().closeEvent(event)

    def _asks(self) -> bool:
        if not (self.isVisible() and self.has_changes()):
            return False
        stay = OutlinedButton(self._theme, _tr("Go on editing"))
        discard = OutlinedButton(self._theme, _tr("Discard the changes"))
        discard.clicked.connect(self.reject)
        text = _tr("What you changed in “{0}” is not kept yet.").format(self.windowTitle())
        question = Question(self._theme, _tr("Discard the changes?"), text, [stay, discard], parent=self)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()
        return True


def _entered(form: QWidget) -> list[str]:
    """All that can be filled in, as it is now."""
    texts = [edit.text() for edit in form.findChildren(QLineEdit)]
    texts += [combo.currentText() for combo in form.findChildren(QComboBox)]
    texts += [str(button.isChecked()) for button in form.findChildren(QAbstractButton) if button.isCheckable()]
    texts += [box.toPlainText() for box in form.findChildren(QPlainTextEdit)]
    return texts


def _tr(text: str) -> str:
    return QCoreApplication.translate("CarefulDialog", text)
