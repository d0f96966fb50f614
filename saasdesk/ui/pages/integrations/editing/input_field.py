"""One input of a vendor, such as a company code, and where its value comes from while nothing is typed."""

from PySide6.QtWidgets import QLineEdit, QWidget

from saasdesk.connectors import Input
from saasdesk.errors import UserError
from saasdesk.sync.preparation import InputOrigin, InputValue
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph


class InputField(QWidget):
    """`elsewhere` is what counts while the field is empty."""

    def __init__(
        self, theme: Theme, declared: Input, entered: str, elsewhere: InputValue | None, credential: str
    ) -> None:
        super().__init__()
        self._declared, self._elsewhere, self._credential = declared, elsewhere, credential
        self.edit = QLineEdit(entered)
        self.edit.setAccessibleName(declared.label)
        self.edit.setPlaceholderText(elsewhere.value if elsewhere is not None else "")
        self._note = Paragraph(theme, role="secondary", tone="muted")
        column = Column(theme, gap=4)
        column.addWidget(self.edit)
        column.addWidget(self._note)
        self.setLayout(column)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._show_origin)
        self._show_origin()

    @property
    def note(self) -> str:
        """What the line below says of it."""
        return self._note.text()

    def value(self) -> str:
        """The value in what was typed or pasted; a ValueError begins with its key."""
        try:
            return self._declared.clean(self.edit.text())
        except UserError as error:
            raise ValueError(f"inputs.{self._declared.key}: {error}") from None

    def _show_origin(self) -> None:
        text = " ".join(filter(None, (self._declared.help, self._origin())))
        self._note.set_runs(text)
        self._note.setVisible(bool(text))

    def _origin(self) -> str:
        known, variable = self._elsewhere, self._declared.variable
        typed = self.edit.text().strip()
        if known is None:
            return self.tr("The global variable “{0}” would fill it in.").format(variable) if variable else ""
        if typed and typed != known.value:
            return ""
        return {
            InputOrigin.CREDENTIAL: self.tr("It comes from the credential “{0}”.").format(self._credential),
            InputOrigin.VARIABLE: self.tr("It comes from the global variable “{0}”.").format(variable),
        }.get(known.origin, "")
