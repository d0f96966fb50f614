"""The page of all assets: the list, and beside it the one that is looked at. Enter opens an asset's own page."""

import threading

from saasdesk.fields import ObjectKind
from saasdesk.records.assets import AssetFacts, asset_facts
from saasdesk.ui.pages.hardware.inspector import AssetInspector
from saasdesk.ui.pages.record_list import PageWords, RecordListPage


class HardwarePage(RecordListPage[AssetFacts]):
    """All assets."""

    title = "Hardware"
    kind = ObjectKind.ASSETS

    def words(self) -> PageWords:
        """How the page speaks of assets."""
        return PageWords(
            "hardware",
            self.tr("Hardware"),
            self.tr("Export assets…"),
            self.tr("No hardware yet"),
            self.tr(
                "Devices come from a vendor that manages them, such as JumpCloud: connect it and load assets. "
                "Or import them from a CSV file."
            ),
            self.tr("Add asset…"),
        )

    def make_inspector(self) -> AssetInspector:
        """The asset with its owner, details and latest changes."""
        inspector = AssetInspector(self._theme)
        inspector.page_wanted.connect(self.open_record)
        inspector.person_wanted.connect(self._on_person_wanted)
        return inspector

    def read(self, record: int, stop: threading.Event) -> AssetFacts | None:
        """Everything a look at one asset shows."""
        return asset_facts(self._store, record, stop=stop)

    def open_record(self, record: int) -> None:
        """Go to the asset's own page."""
        self._frame.navigate("asset", record)

    def _on_person_wanted(self, person: int) -> None:
        self._frame.navigate("person", person)
