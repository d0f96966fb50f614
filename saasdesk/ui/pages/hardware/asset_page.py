"""One asset: who has it, what is known of it, what happened to it, and what workflows did with it."""

import threading
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.fields import ObjectKind
from saasdesk.records.assets import AssetFacts, asset_facts
from saasdesk.ui.moments import moment_in_words
from saasdesk.ui.pages.record_list.details_card import Detail, DetailsCard, details_of
from saasdesk.ui.pages.record_list.record_page import HISTORY, OVERVIEW, WORKFLOWS, RecordPage, RecordPageWords
from saasdesk.ui.pages.record_list.story import entries
from saasdesk.ui.pages.record_list.timeline import Timeline
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_TOLD_AT_ONCE = 25


class AssetPage(RecordPage[AssetFacts]):
    """One asset."""

    title = "Asset"
    kind = ObjectKind.ASSETS

    def words(self) -> RecordPageWords:
        """How the page speaks of assets."""
        return RecordPageWords(
            "asset",
            self.tr("Asset"),
            "hardware",
            "hardware",
            self.tr("Hardware"),
            self.tr("To the list of hardware"),
            self.tr("Previous asset"),
            self.tr("Next asset"),
        )

    def tab_titles(self) -> Sequence[tuple[str, str]]:
        """The tabs."""
        return (
            (OVERVIEW, self.tr("Overview")),
            (HISTORY, self.tr("History")),
            (WORKFLOWS, self.tr("Workflow activity")),
        )

    def make_tabs(self) -> Mapping[str, QWidget]:
        """What happened, and beside it the owner and the details."""
        theme = self._theme
        self.timeline = Timeline(theme, self.open_session)
        told = QWidget()
        column = Column(theme, gap=12)
        column.addWidget(PlainLabel(self.tr("Timeline"), "section"))
        column.addWidget(self.timeline)
        column.addStretch(1)
        told.setLayout(column)
        self.owner = LinkButton(theme, "", "person", inline=True)
        self.owner.clicked.connect(self._on_owner_clicked)
        self._no_owner = Paragraph(theme, self.tr("Nobody in People is known to have it."), tone="muted")
        for told_of_owner in (self.owner, self._no_owner):
            told_of_owner.hide()
        owner = Card(theme)
        owner.add_title(self.tr("Owner"))
        owner.body.addWidget(self.owner, 0, Qt.AlignmentFlag.AlignLeft)
        owner.body.addWidget(self._no_owner)
        self.details = DetailsCard(theme, self.open_person)
        return {OVERVIEW: self.build_overview(told, (owner, self.details))}

    def read(self, record: int, most_changes: int, stop: threading.Event) -> AssetFacts | None:
        """Everything that is shown of an asset."""
        return asset_facts(self._store, record, most_changes, stop)

    def head_line(self, facts: AssetFacts) -> Iterable[str]:
        """What kind of device it is."""
        return facts.kind_of_device

    def show_own(self, facts: AssetFacts, *, is_same: bool) -> None:
        """Who has it, its details, and what happened."""
        del is_same
        self.owner.setVisible(facts.owner is not None)
        self.owner.setText(facts.owner_name)
        self._no_owner.setVisible(facts.owner is None)
        self.details.show_details(self._details(facts))
        self.timeline.show_entries(entries(facts.changes)[:_TOLD_AT_ONCE], by_day=True)

    def _details(self, facts: AssetFacts) -> Iterable[Detail]:
        yield from details_of(facts.values)
        yield Detail(self.tr("Fed by"), facts.fed_by or self.tr("no integration now"))
        yield Detail(self.tr("Added"), moment_in_words(facts.created_at))

    def _on_owner_clicked(self) -> None:
        if self.shown is not None and self.shown.owner is not None:
            self.open_person(self.shown.owner)
