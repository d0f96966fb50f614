"""The vendor's first users, shown before anything is saved."""

from saasdesk.connectors import Connector, VendorRecord
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.text_table import Boxed, Heading, Text, TextTable
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.tables.cells import status_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.paragraph import Paragraph


class RecordsStep(Step):
    """At most ten rows: enough to see that it is the right company."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The first users")
        self.next_text = self.tr("Set up the integration")
        self.intro = Paragraph(theme, tone="muted")
        self.table = TextTable(
            theme,
            self.tr("First users"),
            [
                Heading(self.tr("Name"), share=2),
                Heading(self.tr("Email"), share=3),
                Heading(self.tr("Role"), 136),
                Heading(self.tr("Status"), 104),
            ],
        )
        self._box = Boxed(theme, self.table)
        self._empty = EmptyState(theme, Emptiness.NOTHING_YET, "")
        self.body.addWidget(self.intro)
        self.body.addWidget(self._box)
        self.body.addWidget(self._empty)
        self.body.addStretch(1)

    def begin(self, connecting: Connecting) -> None:
        """Show the rows."""
        records = connecting.records or ()
        title = connecting.connector.title
        self.intro.set_runs(
            self.tr("Read from {0} just now. Nothing of it is saved; look whether it is the right company.").format(
                title
            )
        )
        self.table.show_rows([_row(connecting.connector, record) for record in records])
        self._box.setVisible(bool(records))
        self.intro.setVisible(bool(records))
        self._empty.setVisible(not records)
        if not records:
            self._empty.say(
                Emptiness.NOTHING_YET,
                self.tr("{0} has no users yet").format(title),
                self.tr("You can go on: users are read as soon as there are some."),
            )


def _row(connector: Connector, record: VendorRecord) -> tuple[Text, ...]:
    values = connector.saas.saas_values(record.raw)
    return (
        Text(connector.label_of(record.raw), role="name"),
        Text(connector.email_of(record.raw) or "", "muted"),
        Text(values.role or ""),
        Text(status=status_of(values.status)),
    )
