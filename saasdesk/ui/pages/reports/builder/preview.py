"""The lines of a report that is being edited, as they would be just now."""

from saasdesk.errors import UserError
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.draft import ReportDraft
from saasdesk.reports.report.lines import ReportLines
from saasdesk.store import Store
from saasdesk.ui.navigation import Frame
from saasdesk.ui.pages.reports.report_view import ReportView
from saasdesk.ui.soon import soon
from saasdesk.ui.tables import RecordTable, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner

_SOON_MILLISECONDS = 350


class ReportPreview(ReportView):
    """Follows the draft a moment after each edit that changes the lines; what is not whole yet says what it lacks."""

    def __init__(self, store: Store, frame: Frame, theme: Theme, readers: TableReaders, draft: ReportDraft) -> None:
        super().__init__(store, frame, theme, readers, {}, _exports_nothing)
        self._draft = draft
        self._asked: tuple[object, ...] = ()
        self.header.title.set_text(self.tr("Preview"))
        self.lacks = Banner(theme, "warn")
        self.lacks.hide()
        self.top.addWidget(self.lacks)
        self._soon = soon(self, _SOON_MILLISECONDS, self._follow)
        self._follow()

    def show_draft(self, draft: ReportDraft) -> None:
        """Show the lines of this draft, soon."""
        self._draft = draft
        if draft.asks != self._asked:
            self._soon.start()

    def _follow(self) -> None:
        draft = self._draft
        self._asked = draft.asks
        try:
            # A name that is missing keeps nobody from seeing the lines.
            document = draft.model_copy(update={"name": draft.name.strip() or "…"}).document()
        except UserError as problem:
            self.lacks.say("warn", self.tr("The lines are those of before."), str(problem))
            self.lacks.show()
            return
        self.lacks.hide()
        self.show_report(document)

    def _show_heading(self, document: ReportDocument) -> None:
        # The builder says the name itself; figures stay until there are others.
        self.about.hide()

    def _put_table(self, lines: ReportLines) -> None:
        if self.table is not None:
            self.table.show_source(lines, lines.query)
        else:
            super()._put_table(lines)

    def _make_table(self, lines: ReportLines) -> RecordTable:
        table = super()._make_table(lines)
        for tool in (table.filters, table.count_label, table.search, table.columns_button, table.export_button):
            tool.hide()
        return table


def _exports_nothing(_request: object) -> None:
    """What is not kept yet is not handed on."""
