"""Where to make the key, what must be so at the vendor beforehand, and the fields for it."""

from PySide6.QtWidgets import QWidget

from saasdesk.connectors import Connector
from saasdesk.errors import UserError
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.vendor_step import CopyableAddress
from saasdesk.ui.dialogs.connect_vendor.work import Beginning
from saasdesk.ui.dialogs.credential.key_fields import KeyFields
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel


class KeyPage(Step):
    """The steps at the vendor above, the fields below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The key")
        self.next_text = self.tr("Check key")
        self._of: tuple[Connector, str] | None = None
        self._steps = Column(theme, gap=6)
        self.fields = KeyFields(theme, asks_all=False)
        self._why_no_sign_in = Paragraph(theme, role="secondary", tone="muted")
        self.body.addLayout(self._steps)
        self.body.addWidget(PlainLabel(self.tr("Enter it here"), "strong"))
        self.body.addWidget(self.fields)
        self.body.addWidget(self._why_no_sign_in)
        self.body.addStretch(1)

    def show_vendor(self, connector: Connector, kind: str, beginning: Beginning) -> None:
        """Ask for a key of this vendor and kind; what was entered for the same one stays."""
        if self._of == (connector, kind):
            return
        self._of = connector, kind
        theme = self._theme
        of_kind = connector.of_kind(kind)
        clear_layout(self._steps)
        if of_kind.help.prerequisites:
            self._steps.addWidget(PlainLabel(self.tr("Before you begin"), "strong"))
        for text in of_kind.help.prerequisites:
            row = Row(theme, gap=8)
            row.addWidget(IconLabel(theme, "info", size=16))
            row.addWidget(Paragraph(theme, text, role="secondary"), 1)
            self._steps.addLayout(row)
        self._steps.addWidget(PlainLabel(self.tr("Where to make the key"), "strong"))
        for number, text in enumerate(of_kind.help.where_to_make_the_key, 1):
            self._steps.addWidget(Paragraph(theme, Run(f"{number}.  ", tone="muted"), text, role="secondary"))
        self._steps.addWidget(
            CopyableAddress(theme, self.tr("Address of the documentation"), of_kind.help.documentation)
        )
        name = self.tr("{0} {1}").format(connector.title, connector.kind_title(kind))
        self.fields.begin(
            connector, beginning.free_credential(name), beginning.prefilled, frozenset(beginning.credentials), kind
        )
        self._why_no_sign_in.set_runs(of_kind.help.not_asked)

    def first_field(self) -> QWidget:
        """The first field that is needed and empty."""
        return self.fields.first_field()

    def check(self) -> bool:
        """Every field, in the order in which they stand."""
        self.clear_problem()
        return self.fields.check()

    def show_failure(self, error: UserError) -> None:
        """Say what went wrong where it can be put right."""
        if not self.fields.show_failure(error):
            self.show_problem(str(error))

    def set_busy(self, *, is_busy: bool) -> None:
        self.fields.setEnabled(not is_busy)
