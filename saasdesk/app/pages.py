"""Which pages the window has, and what each of them is given."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk.jobs import Jobs
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.dialogs.connect_vendor import ConnectVendor
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.navigation import Frame, PageEntry
from saasdesk.ui.pages.integrations import RunWatch
from saasdesk.ui.pages.integrations.runs import Runs
from saasdesk.ui.palette_finds import PaletteFinds
from saasdesk.ui.past import PAST_PAGES
from saasdesk.ui.tables import ExportRequest, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.window_memory import FileMemory


class TableMemory(dict[str, Any]):
    """How tables were left: columns, widths, order; kept in a file from one start to the next."""

    def __init__(self, folder: Path) -> None:
        self._file = FileMemory(folder / "table-memory.json")
        super().__init__(self._file.load())

    def save(self) -> None:
        """Keep it for the next start."""
        self._file.save(self)


class Pages:
    """Makes the pages, each with what it uses by name."""

    def __init__(
        self,
        services: Services,
        theme: Theme,
        bridge: Bridge,
        jobs: Jobs,
        *,
        explore_demo: Callable[[], object],
        restore: Callable[[Path], object],
    ) -> None:
        self._services, self._theme, self._bridge, self._jobs = services, theme, bridge, jobs
        # Whose records the pages of records show: those of now, or of a moment of the past.
        self._records = services
        self._explore_demo, self._restore = explore_demo, restore
        self.readers = TableReaders()
        self.watch = RunWatch(bridge, jobs)
        self.memory = TableMemory(services.profile.folder)
        self._window: MainWindow | None = None
        self._connect: ConnectVendor | None = None

    def entries(self) -> tuple[PageEntry, ...]:
        """The pages in the order of the rail."""
        return (
            PageEntry("home", "Home", "home", self._home),
            PageEntry("people", "People", "people", self._people),
            PageEntry("person", "Person", "person", self._person, parent="people"),
            PageEntry("duplicates", "Duplicates", "merge", self._duplicates, parent="people"),
            PageEntry("import", "Import", "import", self._import, parent="people"),
            PageEntry("comparison", "Comparison", "history", self._comparison, parent="people"),
            PageEntry("software", "Software", "software", self._software),
            PageEntry("reclaim", "Reclaim", "cost", self._reclaim, parent="software"),
            PageEntry("hardware", "Hardware", "hardware", self._hardware),
            PageEntry("asset", "Asset", "hardware", self._asset, parent="hardware"),
            PageEntry("dashboards", "Dashboards", "dashboards", self._dashboards),
            PageEntry("listed", "List", "list", self._listed, parent="dashboards"),
            PageEntry("reports", "Reports", "reports", self._reports),
            PageEntry("report", "Report", "reports", self._report, parent="reports"),
            PageEntry("report_group", "Lines of a group", "reports", self._report_group, parent="reports"),
            PageEntry("integrations", "Integrations", "integrations", self._integrations),
            PageEntry("integration", "Integration", "integrations", self._integration, parent="integrations"),
            PageEntry("mapping", "Mapping", "mapping", self._mapping, parent="integrations"),
            PageEntry("plan", "Plan", "eye", self._plan, parent="integrations"),
            PageEntry("workflows", "Workflows", "workflows", self._workflows),
            PageEntry("workflow", "Workflow", "workflows", self._workflow, parent="workflows"),
            PageEntry("workflow_plan", "Plan", "eye", self._workflow_plan, parent="workflows"),
            PageEntry("activity", "Activity", "activity", self._activity),
            PageEntry("configuration", "Configuration", "configuration", self._configuration),
            PageEntry("settings", "Settings", "settings", self._settings, group="foot", shortcut="Ctrl+,"),
            PageEntry("start", "Welcome", "home", self._start, parent="home"),
        )

    def close(self) -> None:
        """Stop reading, and remember how the tables looked."""
        self.readers.close()
        self.memory.save()

    def show_records_of(self, services: Services) -> None:
        """Make the pages of records anew, from these services."""
        self._records = services
        if self._window is not None:
            self._window.forget_pages(PAST_PAGES)

    def connect_vendor(self) -> None:
        """Open the dialog in which a vendor is connected, or bring it back."""
        if self._connect is not None:
            self._connect()

    def meet(self, window: MainWindow) -> None:
        """Take notice of the window that shows the pages: dialogs belong to it."""
        self._window = window
        runs = self.runs = Runs(self._services, window, self.watch, window)
        PaletteFinds(self._services, window, window.palette_box, self.readers, runs.start)
        self._connect = ConnectVendor(self._services, window, self._theme, self._bridge, lambda: self._window)

    def _home(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.home import HomePage

        return HomePage(
            self._services, frame, self._theme, self._bridge, self.readers, connect_vendor=self.connect_vendor
        )

    def _dashboards(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.dashboards.page import DashboardsPage

        return DashboardsPage(self._services, frame, self._theme, self._bridge, self.readers, self.memory)

    def _listed(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.dashboards.listed_page import ListedPage

        return ListedPage(
            self._services, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _reports(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.reports import ReportsPage

        return ReportsPage(
            self._records, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _report(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.reports.builder.page import ReportPage

        return ReportPage(self._services, frame, self._theme, self.readers)

    def _report_group(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.reports.group_page import ReportGroupPage

        return ReportGroupPage(
            self._records.store, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _configuration(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.configuration import ConfigurationPage

        return ConfigurationPage(self._services, frame, self._theme, self.readers)

    def _settings(self, frame: Frame) -> QWidget:
        from saasdesk.app.checkup import examine
        from saasdesk.ui.pages.settings import SettingsPage

        return SettingsPage(
            self._services,
            frame,
            self._theme,
            self._bridge,
            self.readers,
            examine=lambda: examine(self._services.profile),
            restore=self._restore,
        )

    def _integrations(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.integrations import IntegrationsPage

        return IntegrationsPage(
            self._services,
            frame,
            self._theme,
            self._bridge,
            self._jobs,
            self.readers,
            self.watch,
            self.memory,
            connect_vendor=self.connect_vendor,
            export=self._export,
        )

    def _integration(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.integrations.integration_page import IntegrationPage

        return IntegrationPage(self._services, frame, self._theme, self._jobs, self.readers, self.watch)

    def _mapping(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.integrations.mapping_page import MappingPage

        memory = FileMemory(self._services.profile.folder / "mapping-memory.json")
        return MappingPage(self._services, frame, self._theme, self.readers, self.watch, memory)

    def _plan(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.plan import PlanPage

        return PlanPage(self._services, frame, self._theme, self._bridge, self._jobs, self.readers, self.watch)

    def _workflows(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.workflows import WorkflowsPage

        return WorkflowsPage(
            self._services, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _workflow(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.workflows.editor.page import WorkflowPage

        return WorkflowPage(
            self._services, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _workflow_plan(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.workflows.plan.page import WorkflowPlanPage

        return WorkflowPlanPage(self._services, frame, self._theme, self._bridge, self._jobs, self.readers)

    def _activity(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.activity import ActivityPage

        return ActivityPage(
            self._services,
            frame,
            self._theme,
            self._bridge,
            self.readers,
            self.watch,
            self.memory,
            export=self._export,
        )

    def _people(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.people import PeoplePage

        return PeoplePage(
            self._records,
            frame,
            self._theme,
            self._bridge,
            self.readers,
            self.memory,
            export=self._export,
            connect_vendor=self.connect_vendor,
        )

    def _person(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.people import PersonPage

        return PersonPage(self._records, frame, self._theme, self._bridge, self.readers, order=self._order_of_people)

    def _duplicates(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.people.duplicates_page import DuplicatesPage

        return DuplicatesPage(self._services, frame, self._theme, self._bridge, self.readers)

    def _import(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.imports import ImportPage

        return ImportPage(self._services, frame, self._theme, self._bridge, self.readers)

    def _comparison(self, frame: Frame) -> QWidget:
        from saasdesk.ui.past.comparison_page import ComparisonPage

        return ComparisonPage(
            self._services, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _order_of_people(self) -> Sequence[int]:
        """Whom the list of people shows, as far as it was ever looked at."""
        from saasdesk.ui.pages.people import PeoplePage

        page = self._window.page("people") if self._window is not None else None
        return page.order if isinstance(page, PeoplePage) else ()

    def _software(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.software import SoftwarePage

        return SoftwarePage(
            self._records,
            frame,
            self._theme,
            self._bridge,
            self.readers,
            self.memory,
            export=self._export,
            connect_vendor=self.connect_vendor,
            run=self.runs.start,
        )

    def _reclaim(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.reclaim import ReclaimPage

        return ReclaimPage(
            self._services, frame, self._theme, self._bridge, self.readers, self.memory, export=self._export
        )

    def _hardware(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.hardware import HardwarePage

        return HardwarePage(
            self._records,
            frame,
            self._theme,
            self._bridge,
            self.readers,
            self.memory,
            export=self._export,
            connect_vendor=self.connect_vendor,
        )

    def _asset(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.hardware import AssetPage

        return AssetPage(self._records, frame, self._theme, self._bridge, self.readers, order=self._order_of_assets)

    def _order_of_assets(self) -> Sequence[int]:
        """What the list of hardware shows, as far as it was ever looked at."""
        from saasdesk.ui.pages.hardware import HardwarePage

        page = self._window.page("hardware") if self._window is not None else None
        return page.order if isinstance(page, HardwarePage) else ()

    def _start(self, frame: Frame) -> QWidget:
        from saasdesk.ui.pages.first_start import FirstStartPage

        return FirstStartPage(
            self._services.profile,
            frame,
            self._theme,
            self.readers,
            explore_demo=self._explore_demo,
            connect_vendor=self.connect_vendor,
            restore=self._restore,
        )

    def _export(self, request: ExportRequest) -> None:
        """Open the export dialog on what a table shows."""
        from saasdesk.ui.dialogs.export_dialog import ExportDialog

        folder = self._services.profile.exports
        # Over the dialog in which the table stands, if it stands in one.
        parent = QApplication.activeModalWidget() or self._window
        dialog = ExportDialog(self._theme, request, self.readers, self._jobs, self._bridge, folder, parent=parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
