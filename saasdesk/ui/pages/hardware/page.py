"""The page of all assets: the list, and beside it the one that is looked at."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPushButton, QSplitter, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.jobs import Ended, Message
from saasdesk.records.assets import AssetFacts, asset_facts
from saasdesk.records.listing import RecordList
from saasdesk.services import Services
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.navigation import Command, Crumb, Frame
from saasdesk.ui.pages.hardware.inspector import AssetInspector
from saasdesk.ui.pages.integrations.reading import Reading
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader

_MEMORY = "hardware-inspector"
_NARROWEST, _WIDTH, _WIDEST = 288, 344, 560
# Whoever holds an arrow key down passes many rows; only where they stop is read.
_LOOK_AFTER = 60
_CHANGES_RECORDS = ("integration:", "demo", "plan", "undo")


class HardwarePage(QWidget):
    """A list that fills the page, and an inspector that Space opens and closes."""

    title = "Hardware"

    def __init__(
        self,
        services: Services,
        frame: Frame,
        theme: Theme,
        bridge: Bridge,
        readers: TableReaders,
        memory: Memory,
        *,
        export: Callable[[ExportRequest], object],
        connect_vendor: Callable[[], object],
    ) -> None:
        super().__init__()
        self._store = services.store
        self._frame = frame
        self._theme = theme
        self._readers = readers
        self._memory = memory
        self._export = export
        self._connect_vendor = connect_vendor
        self._reading = Reading(readers, self)
        self._asset: int | None = None
        # Something that another page named: selected as soon as the list is there.
        self._wanted: int | None = None
        self._is_stale = False
        self._has_assets = True
        self._is_listed = False
        kept = memory.get(_MEMORY)
        self._is_inspector_wanted = not (isinstance(kept, dict) and kept.get("shown") is False)
        self._build()
        self._connect(bridge)

    # What the frame asks

    def refresh(self) -> None:
        """Read the list and the inspected asset again."""
        self._is_stale = False
        self.table.refresh()
        self._look()

    def open(self, argument: object) -> None:
        """Select the asset of this number; without one everything stays as it was left."""
        if isinstance(argument, int):
            self._inspect(argument)
            self._wanted = argument
            self._set_inspector_shown(shown=True)
            self._select_wanted()
        self._frame.need_width(self._is_inspector_shown)

    def breadcrumb(self) -> Sequence[Crumb]:
        """A page of the rail: no way to show."""
        return ()

    def commands(self) -> Sequence[Command]:
        """What can be done with the list."""
        return (
            Command(self.tr("Find in the list"), self.table.focus_quick_filter, "", "search", "Edit"),
            Command(self.tr("Export assets…"), self._on_export_wanted, "Ctrl+E", "export", "File"),
            Command(self.tr("Choose columns…"), self.table.choose_columns, "", "columns", "View"),
            Command(self.tr("Show or hide the inspector"), self.toggle_inspector, "Ctrl+I", "info", "View"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The list, then the inspector."""
        return (self.table, self.inspector)

    # Building

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("hardware-page")
        self.header = PageHeader(theme, self.tr("Hardware"))
        self.inspector_button = IconButton(
            theme, "info", self.tr("Show the inspector"), shortcut="Ctrl+I", outlined=True, tone="text"
        )
        self.header.add_actions(self.inspector_button)
        self.table = RecordTable(
            RecordList(self._store, ObjectKind.ASSETS),
            theme,
            self._readers,
            self._memory,
            "hardware",
            nothing_yet=NothingYet(
                self.tr("No hardware yet"),
                self.tr("Devices come from a vendor that manages them, such as JumpCloud: connect it and load assets."),
                self._nothing_yet_buttons,
            ),
            sort=(("name", False),),
        )
        self.table.count_label.hide()
        top = Column(theme, gap=0, margins=(24, 16, 24, 0))
        top.addWidget(self.header)
        left = QWidget()
        column = Column(theme, gap=0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        left.setLayout(column)
        self.inspector = AssetInspector(theme)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.inspector)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        whole = Column(theme, gap=0)
        whole.addWidget(self.splitter)
        self.setLayout(whole)
        self._look_soon = QTimer(self)
        self._look_soon.setSingleShot(True)
        self._look_soon.setInterval(_LOOK_AFTER)
        self._show_inspector()
        self._fit_inspector()
        self.setFocusProxy(self.table.view)

    def _connect(self, bridge: Bridge) -> None:
        table, inspector = self.table, self.inspector
        table.counted.connect(self._on_counted)
        table.current_changed.connect(self._on_current_changed)
        table.opened.connect(self._on_opened)
        table.inspector_wanted.connect(self._on_inspector_wanted)
        table.export_wanted.connect(self._on_export_wanted)
        table.said.connect(self._frame.say)
        inspector.close_wanted.connect(self._on_close_wanted)
        inspector.retry_wanted.connect(self._look)
        inspector.person_wanted.connect(self._on_person_wanted)
        inspector.session_wanted.connect(self._on_session_wanted)
        self.inspector_button.clicked.connect(self.toggle_inspector)
        self._look_soon.timeout.connect(self._look)
        self._theme.changed.connect(self._fit_inspector)
        bridge.heard.connect(self._on_heard)

    def _nothing_yet_buttons(self) -> tuple[QPushButton, ...]:
        connect = PrimaryButton(self._theme, self.tr("Connect a vendor…"), icon="integrations")
        connect.clicked.connect(self._connect_vendor)
        if self.table.view.hasFocus():
            # There is nothing to walk through: the keyboard goes to what can be done.
            QTimer.singleShot(0, connect, connect.setFocus)
        return (connect,)

    # The inspector

    def toggle_inspector(self) -> None:
        """Show or hide the inspector, and remember it."""
        self._set_inspector_shown(shown=not self._is_inspector_wanted)

    @property
    def _is_inspector_shown(self) -> bool:
        # Before anything is there it would only take room.
        return self._is_inspector_wanted and self._has_assets

    def _set_inspector_shown(self, *, shown: bool) -> None:
        self._is_inspector_wanted = shown
        self._memory[_MEMORY] = {"shown": shown}
        self._show_inspector()

    def _show_inspector(self) -> None:
        shown = self._is_inspector_shown
        name = self.tr("Hide the inspector") if shown else self.tr("Show the inspector")
        self.inspector_button.set_name(name, "Ctrl+I")
        self.inspector_button.setEnabled(self._has_assets)
        if shown == self.inspector.isVisibleTo(self):
            return
        self.inspector.setVisible(shown)
        if self.isVisible():
            self._frame.need_width(shown)
        if shown:
            self._fit_inspector()
            self._look()

    def _fit_inspector(self) -> None:
        theme = self._theme
        self.inspector.setMinimumWidth(theme.px(_NARROWEST))
        self.inspector.setMaximumWidth(theme.px(_WIDEST))
        width = theme.px(_WIDTH)
        self.splitter.setSizes([max(1, self.splitter.width() - width), width])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    # What is looked at

    def _inspect(self, asset: int | None) -> None:
        if asset != self._asset:
            self._asset = asset
            self._look_soon.start()

    def _look(self) -> None:
        self._look_soon.stop()
        if not self._is_inspector_shown:
            return
        asset, store = self._asset, self._store
        if asset is None:
            self._reading.forget("asset")
            self.inspector.show_nothing()
            return
        self._reading.ask(
            "asset", lambda stop: asset_facts(store, asset, stop=stop), self._on_read, self.inspector.show_failure
        )

    def _on_read(self, facts: AssetFacts | None) -> None:
        if facts is None:
            self.inspector.show_gone()
        else:
            self.inspector.show_asset(facts)

    def _select_wanted(self) -> None:
        """Select what another page named, as soon as the whole list is there."""
        asset = self._wanted
        if asset is None or self.table.is_reading or not self._is_listed:
            return
        self._wanted = None
        if asset not in self.table.model.ids:
            return
        row = self.table.model.ids.index(asset)
        view = self.table.view
        view.select_rows([row])
        view.make_current(row)
        middle = QAbstractItemView.ScrollHint.PositionAtCenter
        view.scrollTo(self.table.model.index(row, view.header.shown_sections()[0]), middle)

    # Answers to signals

    def _on_counted(self, shown: int, total: int) -> None:
        locale = QLocale()
        self.header.set_subtitle(
            ("" if not total else locale.toString(total))
            if shown == total
            else self.tr("{0} of {1}").format(locale.toString(shown), locale.toString(total))
        )
        self._is_listed = True
        self._has_assets = total > 0
        self._show_inspector()
        self._select_wanted()

    def _on_current_changed(self, asset: int | None) -> None:
        if asset is not None and self._wanted is None:
            self._inspect(asset)

    def _on_opened(self, asset: int) -> None:
        self._inspect(asset)
        self._set_inspector_shown(shown=True)
        self.inspector.close_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_inspector_wanted(self, asset: int) -> None:
        self._inspect(asset)
        self.toggle_inspector()

    def _on_close_wanted(self) -> None:
        self._set_inspector_shown(shown=False)
        if not self.table.isAncestorOf(QApplication.focusWidget() or self):
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_person_wanted(self, person: int) -> None:
        self._frame.navigate("person", person)

    def _on_session_wanted(self, session: int) -> None:
        self._frame.navigate("activity", session)

    def _on_export_wanted(self) -> None:
        self._export(self.table.export_request())

    def _on_heard(self, message: Message) -> None:
        if isinstance(message, Ended) and message.job.about.startswith(_CHANGES_RECORDS):
            self._is_stale = True
            if self.isVisible():
                self.refresh()
