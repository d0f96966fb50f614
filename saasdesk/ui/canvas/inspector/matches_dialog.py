"""The records that Begin lets in, as a list of its own: the workflow stays as it is beside it."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QWidget

from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.store import Store
from saasdesk.ui.tables import ExportRequest, Memory, NothingYet, RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH, _HEIGHT = 1040, 640


class MatchesDialog(QDialog):
    """The table with Begin's criteria as its filters; they can be tried in other ways here without changing Begin."""

    def __init__(
        self,
        store: Store,
        theme: Theme,
        readers: TableReaders,
        memory: Memory,
        kind: ObjectKind,
        query: ListQuery,
        parent: QWidget,
        *,
        export: Callable[[ExportRequest], object],
    ) -> None:
        super().__init__(parent)
        title = QCoreApplication.translate("MatchesDialog", "Records that match")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        nothing = NothingYet(
            self.tr("No records yet"), self.tr("Records come with the first run of an integration."), lambda: ()
        )
        self.table = RecordTable(
            RecordList(store, kind), theme, readers, memory, f"workflow-matches-{kind.value}", nothing_yet=nothing
        )
        self.table.export_wanted.connect(lambda: export(self.table.export_request()))
        self.table.show_query(query)
        close = OutlinedButton(theme, self.tr("Close"))
        close.clicked.connect(self.accept)
        head = Row(theme, margins=(24, 16, 24, 0))
        head.addWidget(PlainLabel(title, "section"))
        foot = Row(theme, margins=(24, 12))
        foot.addStretch(1)
        foot.addWidget(close)
        whole = Column(theme, gap=0)
        whole.addLayout(head)
        whole.addWidget(self.table, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(foot)
        self.setLayout(whole)
        screen = parent.screen().availableGeometry()
        room = theme.px(48)
        self.resize(min(theme.px(_WIDTH), screen.width() - room), min(theme.px(_HEIGHT), screen.height() - room))
        self.table.view.setFocus()
