"""What the command palette finds besides commands: whatever has a name, and whoever."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.report.reports import every_report
from saasdesk.reports.views import ViewChoice, list_choices
from saasdesk.services import Services
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.integrations import list_integrations
from saasdesk.ui.command_palette import CommandPalette
from saasdesk.ui.fuzzy import fuzzy_score
from saasdesk.ui.moments import counted
from saasdesk.ui.navigation import Command, Frame
from saasdesk.ui.pages.dashboards.choices import read_choices
from saasdesk.ui.reading import Reading
from saasdesk.ui.saved_views.places import VIEWED, place_of_view
from saasdesk.ui.tables import TableReaders
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import list_workflows

_MOST_OF_A_KIND = 5
# The best of so many: all of a million would have to be sorted first.
_LOOKED_AT = 50
# One letter is in nearly every name.
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Finds:
    """What fits some letters, read in a worker."""

    integrations: tuple[Integration, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    views: tuple[ViewChoice, ...] = ()
    # The page, what it is asked for and the name, of reports and dashboards.
    boards: tuple[tuple[str, str, str], ...] = ()
    applications: tuple[tuple[int, str, int], ...] = ()
    people: tuple[tuple[int, str, int], ...] = ()


def find(services: Services, text: str, stop: threading.Event) -> Finds:
    """Whatever has a name by that; applications and people as the quick filter of their lists finds them."""
    integrations = tuple(each for each in list_integrations(services.store) if _fits(text, each))
    workflows = tuple(each for each in list_workflows(services.store) if _fits_workflow(text, each))
    views = tuple(each for each in list_choices(services.store) if fuzzy_score(text, _view_text(each)) is not None)
    if len(text.strip()) < _SHORTEST_NAME:
        return Finds(integrations, workflows, views)
    return Finds(
        integrations,
        workflows,
        views,
        tuple(each for each in _boards(services) if fuzzy_score(text, each[2]) is not None),
        _records(services, ObjectKind.SAAS_APPLICATIONS, text, ("name",), "active_users", stop),
        _records(services, ObjectKind.PEOPLE, text, ("name", "email"), "active_accounts", stop),
    )


def _boards(services: Services) -> Iterator[tuple[str, str, str]]:
    for document, _is_own in every_report(services.store):
        yield "reports", document.name, document.name
    for choice in read_choices(services.store):
        yield "dashboards", choice.key, choice.name


def _fits(text: str, integration: Integration) -> bool:
    return fuzzy_score(text, f"Run now: {integration.name}") is not None


def _fits_workflow(text: str, workflow: Workflow) -> bool:
    return fuzzy_score(text, f"Plan: {workflow.name}") is not None


def _view_text(view: ViewChoice) -> str:
    return f"View: {view.name} · {VIEWED[view.document.object]}"


def _records(
    services: Services, kind: ObjectKind, text: str, keys: tuple[str, ...], counted_by: str, stop: threading.Event
) -> tuple[tuple[int, str, int], ...]:
    """Number, name and a count of a few; whose name begins with what was typed comes first."""
    records = RecordList(services.store, kind)
    ids = records.first_ids(ListQuery(quick=text), _LOOKED_AT, stop)
    rows = records.rows(ids, (*keys, counted_by), stop)
    begin = text.casefold().strip()

    def place(number: int) -> tuple[bool, str]:
        name = str(rows[number][0] or "").casefold()
        return not any(word.startswith(begin) for word in (name, *name.split())), name

    chosen = sorted((number for number in ids if number in rows), key=place)[:_MOST_OF_A_KIND]
    return tuple(
        (number, " — ".join(str(value) for value in rows[number][:-1] if value), int(str(rows[number][-1] or 0)))
        for number in chosen
    )


class PaletteFinds(QObject):
    """Looks while somebody types into the palette; what comes too late is dropped there."""

    def __init__(
        self,
        services: Services,
        frame: Frame,
        palette: CommandPalette,
        readers: TableReaders,
        run: Callable[[Integration], object],
    ) -> None:
        super().__init__(palette)
        self._services, self._frame, self._palette, self._run = services, frame, palette, run
        self._reading = Reading(readers, self)
        palette.typed.connect(self._on_typed)
        palette.closed.connect(lambda: self._reading.forget("palette"))

    def _on_typed(self, text: str) -> None:
        if not text.strip():
            self._reading.forget("palette")
            return
        services = self._services
        self._reading.ask(
            "palette",
            lambda stop: find(services, text, stop),
            lambda finds: self._palette.offer(text, self._commands(finds)),
            lambda _sentence: None,
        )

    def _commands(self, finds: Finds) -> list[Command]:
        go = self._frame.navigate
        commands = []
        for each in finds.integrations:
            if each.state is IntegrationState.ACTIVE:
                text = self.tr("Run now: {0}").format(each.name)
                commands.append(Command(text, partial(self._run, each), "", "run", "Run"))
            commands.append(Command(each.name, partial(go, "integration", each.id), "", "integrations", "Integrations"))
        for workflow in finds.workflows:
            if workflow.state is WorkflowState.ACTIVE:
                text = self.tr("Plan: {0}").format(workflow.name)
                commands.append(Command(text, partial(go, "workflow_plan", workflow.id), "", "eye", "Run"))
            commands.append(Command(workflow.name, partial(go, "workflow", workflow.id), "", "workflows", "Workflows"))
        commands += [
            Command(_view_text(view), partial(go, *place_of_view(view)), "", "list", "Go") for view in finds.views
        ]
        for page, argument, name in finds.boards:
            title = self.tr("Report") if page == "reports" else self.tr("Dashboard")
            commands.append(Command(name, partial(go, page, argument), "", page, title))
        for number, name, users in finds.applications:
            group = counted(users, self.tr("Software · {0} user"), self.tr("Software · {0} users"))
            commands.append(Command(name, partial(go, "software", number), "", "software", group))
        for number, name, accounts in finds.people:
            group = counted(accounts, self.tr("Person · {0} account"), self.tr("Person · {0} accounts"))
            commands.append(Command(name, partial(go, "person", number), "", "person", group))
        return commands
