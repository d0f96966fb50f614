"""What the command palette finds besides commands: integrations, workflows, people and SaaS applications."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from saasdesk.fields import ObjectKind
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.views import ViewChoice, list_choices
from saasdesk.services import Services
from saasdesk.sync.integration import Integration, IntegrationState
from saasdesk.sync.integrations import list_integrations
from saasdesk.ui.command_palette import CommandPalette
from saasdesk.ui.fuzzy import fuzzy_score
from saasdesk.ui.navigation import Command, Frame
from saasdesk.ui.reading import Reading
from saasdesk.ui.saved_views.places import VIEWED, place_of_view
from saasdesk.ui.tables import TableReaders
from saasdesk.workflows.workflow import Workflow, WorkflowState
from saasdesk.workflows.workflows import list_workflows

_MOST_OF_A_KIND = 5
# One letter is in nearly every name.
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Finds:
    """What fits some letters, read in a worker."""

    integrations: tuple[Integration, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    views: tuple[ViewChoice, ...] = ()
    applications: tuple[tuple[int, str], ...] = ()
    people: tuple[tuple[int, str], ...] = ()


def find(services: Services, text: str, stop: threading.Event) -> Finds:
    """Integrations and workflows by name, applications and people as the quick filter of their lists finds them."""
    integrations = tuple(each for each in list_integrations(services.store) if _fits(text, each))
    workflows = tuple(each for each in list_workflows(services.store) if _fits_workflow(text, each))
    views = tuple(each for each in list_choices(services.store) if fuzzy_score(text, _view_text(each)) is not None)
    if len(text.strip()) < _SHORTEST_NAME:
        return Finds(integrations, workflows, views)
    return Finds(
        integrations,
        workflows,
        views,
        _records(services, ObjectKind.SAAS_APPLICATIONS, text, ("name",), stop),
        _records(services, ObjectKind.PEOPLE, text, ("name", "email"), stop),
    )


def _fits(text: str, integration: Integration) -> bool:
    return fuzzy_score(text, f"Run now: {integration.name}") is not None


def _fits_workflow(text: str, workflow: Workflow) -> bool:
    return fuzzy_score(text, f"Plan: {workflow.name}") is not None


def _view_text(view: ViewChoice) -> str:
    return f"View: {view.name} · {VIEWED[view.document.object]}"


def _records(
    services: Services, kind: ObjectKind, text: str, keys: tuple[str, ...], stop: threading.Event
) -> tuple[tuple[int, str], ...]:
    records = RecordList(services.store, kind)
    ids = list(records.first_ids(ListQuery(quick=text, sort=(("name", False),)), _MOST_OF_A_KIND, stop))
    rows = records.rows(ids, keys, stop)
    return tuple((each, " — ".join(str(value) for value in rows[each] if value)) for each in ids if each in rows)


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
        for number, name in finds.applications:
            commands.append(Command(name, partial(go, "software", number), "", "software", "Software"))
        for number, name in finds.people:
            commands.append(Command(name, partial(go, "people", number), "", "person", "People"))
        return commands
