"""Integrations in list view: the same ones as in block view, in a table."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column as ListColumn
from saasdesk.records.listing import Special, Value
from saasdesk.ui.overview.list_view import OverviewList
from saasdesk.ui.overview.menu import Say
from saasdesk.ui.pages.integrations.actions import fill_menu
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.session_words import preference, saas_mode, status_of_run
from saasdesk.ui.pages.integrations.tile_facts import TileFacts
from saasdesk.ui.tables import Memory, TableReaders
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.status_word import status

_COUNTS = ("created", "updated", "skipped", "failed")


class ListView(OverviewList[TileFacts]):
    """A line for each integration; one that is being read keeps its name until that is over."""

    def __init__(self, theme: Theme, readers: TableReaders, memory: Memory, watch: RunWatch) -> None:
        self._watch = watch
        super().__init__(
            theme,
            readers,
            memory,
            key="integrations",
            name=_tr("integrations"),
            columns=_columns(),
            fill_menu=self._fill,
            may_be_renamed=lambda facts: not self._is_running(facts),
        )

    def show_facts(self, facts: Sequence[TileFacts]) -> None:
        """Show these integrations."""
        things = {each.integration.id: each for each in facts}
        self.show_things(
            things, {number: _record(each, is_running=self._is_running(each)) for number, each in things.items()}
        )

    def _is_running(self, facts: TileFacts) -> bool:
        return self._watch.find(facts.integration.name) is not None

    def _fill(self, menu: QMenu, facts: TileFacts, say: Say) -> None:
        fill_menu(menu, facts, say, is_running=self._is_running(facts))


def _columns() -> tuple[ListColumn, ...]:
    short = FieldType.SHORT_TEXT
    counts = {
        "created": _tr("Created"),
        "updated": _tr("Updated"),
        "skipped": _tr("Skipped"),
        "failed": _tr("Failed"),
    }
    return (
        ListColumn("name", _tr("Name"), short, 184),
        ListColumn("state", _tr("State"), Special.STATUS, 148),
        ListColumn("vendor", _tr("Vendor"), Special.APPLICATION, 136),
        ListColumn("loads", _tr("Loads"), short, 144),
        ListColumn("preference", _tr("Preference"), short, 132, is_shown=False),
        ListColumn("installation_type", _tr("Installation type"), short, 120, is_shown=False),
        ListColumn("credential", _tr("Credential"), short, 140, is_shown=False),
        ListColumn("schedule", _tr("Schedule"), short, 120),
        ListColumn("next_run", _tr("Next run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("last_run", _tr("Last run"), FieldType.DATETIME, 136, is_secondary=True),
        ListColumn("last_status", _tr("Last status"), Special.STATUS, 192),
        *(ListColumn(key, title, FieldType.NUMBER, 84, align_right=True) for key, title in counts.items()),
        ListColumn("integration_user", _tr("Integration user"), short, 140, is_shown=False),
        ListColumn("contacts", _tr("Contacts"), short, 180, is_shown=False),
        ListColumn("muted", _tr("Muted"), short, 180, is_shown=False),
    )


def _record(facts: TileFacts, *, is_running: bool) -> dict[str, Value]:
    integration, standing = facts.integration, facts.standing
    document, last = integration.document, standing.last
    counts = last.counts if last is not None else {}
    return {
        "name": integration.name,
        "state": status("running" if is_running else facts.word).word,
        "vendor": integration.connector.title,
        "loads": saas_mode(document),
        "preference": preference(document),
        "installation_type": _tr("Local"),
        "credential": document.credential or None,
        "schedule": document.schedule.in_words(),
        "next_run": None if facts.schedules_rest else standing.next_run,
        "last_run": last.started_at if last is not None else None,
        "last_status": status_of_run(last.status).word if last is not None else status("never_run").word,
        **{key: int(counts.get(key, 0)) if last is not None else None for key in _COUNTS},
        "integration_user": document.acting_name,
        "contacts": ", ".join(document.contacts) or None,
        "muted": facts.muted or None,
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("ListView", text)
