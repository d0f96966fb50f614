"""The vendor's first users or devices, shown before anything is saved."""

from saasdesk.connectors import ASSETS, Connector, VendorRecord, utc_text
from saasdesk.connectors.pages import value_at
from saasdesk.ui.dialogs.connect_vendor.step import Step
from saasdesk.ui.dialogs.connect_vendor.work import Connecting
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.tables.cells import status_of
from saasdesk.ui.tables.lines import Heading
from saasdesk.ui.tables.text_table import Text, TextTable
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.boxed import Boxed
from saasdesk.ui.widgets.empty_state import Emptiness, EmptyState
from saasdesk.ui.widgets.paragraph import Paragraph


class RecordsStep(Step):
    """At most ten rows: enough to see that it is the right company."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("The first records")
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
        self.devices = TextTable(
            theme,
            self.tr("First devices"),
            [
                Heading(self.tr("Name"), share=3),
                Heading(self.tr("Serial Number"), share=2),
                Heading(self.tr("Operating System"), share=2),
                Heading(self.tr("Last Contact"), 152),
            ],
        )
        self._box = Boxed(theme, self.table)
        self._device_box = Boxed(theme, self.devices)
        self._empty = EmptyState(theme, Emptiness.NOTHING_YET, "")
        self.body.addWidget(self.intro)
        self.body.addWidget(self._box)
        self.body.addWidget(self._device_box)
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
        loads_assets = connecting.connector.loads == ASSETS
        if loads_assets:
            self.devices.show_rows([_device_row(connecting.connector, record) for record in records])
        else:
            self.table.show_rows([_row(connecting.connector, record) for record in records])
        self._box.setVisible(bool(records) and not loads_assets)
        self._device_box.setVisible(bool(records) and loads_assets)
        self.intro.setVisible(bool(records))
        self._empty.setVisible(not records)
        if not records:
            self._empty.say(
                Emptiness.NOTHING_YET,
                self.tr("{0} has no {1} yet").format(title, connecting.connector.loaded_noun),
                self.tr("You can go on: {0} are read as soon as there are some.").format(
                    connecting.connector.loaded_noun
                ),
            )


def _row(connector: Connector, record: VendorRecord) -> tuple[Text, ...]:
    values = connector.saas.saas_values(record.raw)
    return (
        Text(connector.label_of(record.raw), role="name"),
        Text(connector.email_of(record.raw) or "", "muted"),
        Text(values.role or ""),
        Text(status=status_of(values.status)),
    )


def _device_row(connector: Connector, record: VendorRecord) -> tuple[Text, ...]:
    """What the default mapping would make of a device."""
    sources = {row.target: row.source for row in connector.default_mapping if row.source is not None}

    def value(target: str) -> str:
        known = connector.find_field(sources.get(target, ""))
        found = value_at(record.raw, known.path) if known is not None and known.path else None
        return "" if found is None else str(found)

    moment = utc_text(value("last_contact"))
    return (
        Text(connector.label_of(record.raw), role="name"),
        Text(value("serial_number"), "muted"),
        Text(value("operating_system")),
        Text(moment_in_words(moment) if moment else "", "muted"),
    )
