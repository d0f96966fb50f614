"""What can be done with an integration, from a tile, a line of the list or the matrix: the same words everywhere."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from saasdesk.sync.integration import IntegrationState
from saasdesk.ui.navigation import Frame
from saasdesk.ui.overview.menu import Entry, Say, add_groups
from saasdesk.ui.pages.integrations.decisions import Decisions
from saasdesk.ui.pages.integrations.files import IntegrationFiles
from saasdesk.ui.pages.integrations.muting import UNMUTE, add_muting, hours_of
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from saasdesk.ui.pages.integrations.runs import PREVIEW, Runs
from saasdesk.ui.pages.integrations.tile_facts import TileFacts


class Actions:
    """Does what was pressed, each wish by its word; it decides nothing itself."""

    def __init__(
        self, frame: Frame, watch: RunWatch, runs: Runs, decisions: Decisions, files: IntegrationFiles
    ) -> None:
        self._frame, self._watch, self._runs = frame, watch, runs
        self._decisions, self._files = decisions, files

    def do(self, facts: TileFacts, wish: str) -> None:
        """Do it with the integration, or go to where it is done."""
        if not (self._change(facts, wish) or self._run(facts, wish)):
            self._go(facts, wish)

    def _run(self, facts: TileFacts, wish: str) -> bool:
        integration = facts.integration
        match wish:
            case "run":
                self._runs.start(integration)
            case "preview":
                self._runs.start(integration, PREVIEW)
            case "cancel":
                self._runs.cancel(integration.name)
            case "launch":
                self._decisions.plan_launch(integration, lambda: self._runs.start(integration, PREVIEW))
            case "resume":
                self._decisions.launch(integration)
            case "pause":
                self._decisions.pause(integration)
            case _:
                return False
        return True

    def _change(self, facts: TileFacts, wish: str) -> bool:
        changes = {
            "rename": self._decisions.rename,
            "duplicate": self._decisions.duplicate,
            "export": self._files.ask_where_to_export,
            "delete": self._decisions.ask_to_delete,
            UNMUTE: self._decisions.unmute,
        }
        hours = hours_of(wish)
        if wish in changes:
            changes[wish](facts.integration)
        elif hours is not None:
            self._decisions.mute(facts.integration, hours)
        return wish in changes or hours is not None

    def _go(self, facts: TileFacts, wish: str) -> None:
        integration, standing = facts.integration, facts.standing
        progress = self._watch.find(integration.name)
        match wish:
            case "review" if standing.held is not None:
                self._frame.navigate("plan", standing.held.id)
            case "details" if standing.last is not None:
                self._frame.navigate("activity", standing.last.id)
            case "session" if progress is not None and progress.session is not None:
                self._frame.navigate("activity", progress.session)
            case "open":
                self._frame.navigate("integration", integration.id)
            case "mapping":
                self._frame.navigate("mapping", integration.id)
            case _:
                self._frame.navigate("activity", f"integration:{integration.id}")


def fill_menu(menu: QMenu, facts: TileFacts, say: Say, *, is_running: bool) -> None:
    """Put everything that can be done now into a menu; `say` hears the wish that was chosen."""
    groups = [[(_tr("Open"), "open"), (_tr("Mapping"), "mapping"), (_tr("Sync Sessions"), "sessions")]]
    if is_running:
        groups.append([(_tr("Cancel"), "cancel")])
    else:
        groups.append(_ways_on(facts.integration.state))
        groups.append([(_tr("Rename…"), "rename"), (_tr("Duplicate"), "duplicate"), (_tr("Export…"), "export")])
    add_groups(menu, groups, say)
    add_muting(menu, facts, say)
    if not is_running:
        add_groups(menu, [[(_tr("Delete…"), "delete")]], say)


def _ways_on(state: IntegrationState) -> list[Entry]:
    preview = (_tr("Preview"), "preview")
    match state:
        case IntegrationState.ACTIVE:
            return [(_tr("Run Now"), "run"), preview, (_tr("Pause"), "pause")]
        case IntegrationState.PAUSED:
            return [preview, (_tr("Resume"), "resume")]
        case IntegrationState.DRAFT:
            return [preview, (_tr("Launch"), "launch")]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
