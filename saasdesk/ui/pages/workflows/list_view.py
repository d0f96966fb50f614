"""Workflows in list view: the same ones as in block view, in a table."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Special, Value
from saasdesk.ui.overview.list_view import OverviewList
from saasdesk.ui.pages.workflows.actions import fill_menu
from saasdesk.ui.pages.workflows.words import began_by, object_word, state_of_run, state_word
from saasdesk.ui.tables import Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.status_word import status
from saasdesk.workflows.overview import Standing


class WorkflowList(OverviewList[Standing]):
    """A line for each workflow."""

    def __init__(self, theme: Theme, readers: TableReaders, memory: Memory) -> None:
        super().__init__(
            theme, readers, memory, key="workflows", name=_tr("workflows"), columns=_columns(), fill_menu=fill_menu
        )

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """Show these workflows."""
        things = {each.workflow.id: each for each in standings}
        self.show_things(things, {number: _record(each) for number, each in things.items()})


def _columns() -> tuple[ListColumn, ...]:
    short = FieldType.SHORT_TEXT
    return (
        ListColumn("name", _tr("Name"), short, 240),
        ListColumn("state", _tr("State"), Special.STATUS, 148),
        ListColumn("object", _tr("Object"), short, 104),
        ListColumn("begins", _tr("Begins"), short, 184),
        ListColumn("last_run", _tr("Last run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("last_status", _tr("Last status"), Special.STATUS, 132),
        ListColumn("next_run", _tr("Next run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("version", _tr("Version"), FieldType.NUMBER, 84, align_right=True),
        ListColumn("blocks", _tr("Blocks"), FieldType.NUMBER, 84, align_right=True),
        ListColumn("description", _tr("Description"), short, 240, is_shown=False),
    )


def _record(standing: Standing) -> dict[str, Value]:
    workflow, last = standing.workflow, standing.last
    return {
        "name": workflow.name,
        "state": state_word(standing),
        "object": object_word(workflow.document.object),
        "begins": began_by(standing.began_by, standing.schedule),
        "last_run": last.started_at if last is not None else None,
        "last_status": state_of_run(last.state).word if last is not None else status("never_run").word,
        "next_run": standing.next_run,
        "version": workflow.version,
        "blocks": len(workflow.document.steps),
        "description": workflow.document.description or None,
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("Workflows", text)
