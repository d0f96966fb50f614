"""The pane beside the list of assets: which device it is, who has it, and what changed lately."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal

from saasdesk.records.assets import AssetFacts
from saasdesk.ui.pages.record_list import InspectorWords, RecordInspector
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel


class AssetInspector(RecordInspector[AssetFacts]):
    """One asset at a glance."""

    person_wanted = Signal(int)
    page_wanted = Signal(int)

    in_the_head = frozenset({"name", "manufacturer", "model", "operating_system"})
    label_width = 136

    def words(self) -> InspectorWords:
        """Assets are something."""
        return InspectorWords(
            self.tr("Asset"),
            "hardware",
            self.tr("Nothing chosen"),
            self.tr("Choose an asset in the list to see its owner, details and latest changes."),
            self.tr("The filters of the list hide this asset."),
        )

    def head_line(self, facts: AssetFacts) -> Iterable[str]:
        """What kind of device it is."""
        return facts.kind_of_device

    def build_own(self, state: Row, column: Column) -> None:
        """The way to the asset's own page, and its owner, as a link."""
        theme = self._theme
        self.page_link = LinkButton(theme, self.tr("Open page"), inline=True)
        self.page_link.setAccessibleName(self.tr("Open the page of this asset"))
        self.page_link.clicked.connect(self._on_page_wanted)
        state.addWidget(self.page_link)
        self.owner = LinkButton(theme, "", "person", inline=True)
        self.owner.clicked.connect(self._on_owner_clicked)
        self._no_owner = Paragraph(
            theme, self.tr("Nobody in People is known to have it."), role="secondary", tone="muted"
        )
        column.addWidget(PlainLabel(self.tr("Owner"), "card-title"))
        column.addWidget(self.owner, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._no_owner)

    def show_own(self, facts: AssetFacts) -> None:
        """Who has it."""
        self.owner.setVisible(facts.owner is not None)
        self.owner.setText(facts.owner_name)
        self._no_owner.setVisible(facts.owner is None)

    def origin(self, facts: AssetFacts) -> Iterable[tuple[str, str]]:
        """Which integration feeds it."""
        yield self.tr("Fed by"), facts.fed_by or self.tr("no integration now")

    def _on_owner_clicked(self) -> None:
        if self.shown is not None and self.shown.owner is not None:
            self.person_wanted.emit(self.shown.owner)

    def _on_page_wanted(self) -> None:
        if self.shown is not None:
            self.page_wanted.emit(self.shown.id)
