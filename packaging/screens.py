"""Takes the pictures of the documentation from the running program: `make screens`."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["SAASDESK_PROFILE"] = ""

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from saasdesk import clock
from saasdesk.app.demo import demo_services, fill
from saasdesk.app.demo_story import BEGAN, tell_story
from saasdesk.app.picture import wait_until_drawn
from saasdesk.app.window import WindowDesk, make_application
from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.records.past import moment_of_day, past_store
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import add_report
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.probing import probe_credential
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.ui.pages.integrations import IntegrationsPage

TARGET = Path(__file__).parent.parent / "docs" / "screens"
WALKTHROUGHS = Path(__file__).parent.parent / "docs" / "walkthroughs" / "pictures"
# What the walk-throughs show, of all that is passed on the way.
WALKED = {"variable", "permission", "key", "scopes", "gallery", "draft", "details", "mapping", "plan", "users"}
SIZE = (1280, 800)
PEOPLE = 250


class Photographer:
    """Shows a window, and takes its picture in light and in dark."""

    def __init__(self, services: Services, target: Path, size: tuple[int, int]) -> None:
        self.desk = WindowDesk(make_application(), services)
        self.target = target
        self.desk.window.resize(*size)
        self.desk.open()
        self.settle()

    def settle(self) -> None:
        """Let everything be read and drawn."""
        wait_until_drawn(self.desk)

    def work(self, seconds: float) -> None:
        """Let the window live for a moment while something is going on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.005)

    def take(self, name: str, *, settle: bool = True) -> None:
        """Save the window as it is, in both looks."""
        for mode in ("light", "dark"):
            self.desk.theme.mode = mode
            if settle:
                self.settle()
            else:
                self.work(0.3)
            path = self.target / f"{name}-{mode}.png"
            self.desk.window.grab().save(str(path))
            print(path)

    def show(self, page: str, argument: object = None) -> None:
        """Go to a page and wait until it is drawn."""
        self.desk.window.navigate(page, argument)
        self.settle()

    def close(self) -> None:
        """Put the window away."""
        self.desk.close()
        self.work(0.1)


@contextmanager
def empty_services(folder: Path) -> Iterator[Services]:
    """A profile in which nothing has happened yet."""
    profile = open_profile(folder)
    with Store.open(profile) as store:
        yield Services(profile, store, Vault(store))


def run(services: Services, **options: object) -> int:
    """Run the demo's integration and return the session's number."""
    integration = integrations.list_integrations(services.store)[0]
    wanted = RunOptions(**options)  # type: ignore[arg-type]
    result = run_integration(services.store, services.vault, integration, wanted, _hear_nothing, threading.Event())
    return result.session


def _hear_nothing(_news: object) -> None:
    """Nobody listens while a picture is prepared."""


def pictures(target: Path, size: tuple[int, int], folder: Path) -> None:
    """Take them all."""
    with empty_services(folder / "saasdesk") as services:
        photographer = Photographer(services, target, size)
        photographer.take("first-start")
        photographer.close()
    with demo_services(folder / "saasdesk-demo", PEOPLE, began=BEGAN) as (services, simulator):
        _show_a_year(services, simulator, target, size)


def _show_a_year(services: Services, simulator: Simulator, target: Path, size: tuple[int, int]) -> None:
    tell_story(services, simulator, _hear_nothing)
    fill(services, threading.Event())
    photographer = Photographer(services, target, size)
    _in_the_morning(photographer)
    _reports(photographer, services)
    _look_back(photographer, services)
    _expect_leavers_again(services)
    run(services)
    simulator.churn(0.06)
    preview = run(services, preview=True)
    photographer.show("plan", _plan_of(services, preview))
    photographer.take("plan")
    session = run(services)
    photographer.show("activity", session)
    photographer.take("session")
    photographer.show("activity")
    photographer.take("activity")
    photographer.show("activity", "audit")
    photographer.take("audit")
    person = _somebody(services)
    photographer.show("people", person)
    photographer.take("people")
    photographer.show("person", person)
    photographer.take("person")
    photographer.show("software")
    photographer.take("software")
    photographer.show("software", 1)
    photographer.take("software-users")
    photographer.show("software", (1, "costs"))
    photographer.take("software-costs")
    photographer.show("hardware")
    photographer.take("hardware")
    photographer.show("configuration", "fields")
    photographer.take("configuration")
    for known in services.vault.list()[:3]:
        probe_credential(services.store, services.vault, known.name, _hear_nothing, threading.Event())
    photographer.show("configuration", "credentials")
    photographer.take("credentials")
    photographer.show("configuration", f"credentials:{services.vault.list()[1].name}")
    photographer.take("credential")
    photographer.show("hardware", 2)
    photographer.take("hardware")
    photographer.show("settings")
    photographer.take("settings")
    photographer.show("integration", 1)
    photographer.take("integration")
    _mapping(photographer)
    _workflows(photographer, services)
    _while_running(photographer, services, simulator)
    fault = Fault(FaultKind.STATUS, endpoint="users", status=401)
    simulator.faults.add(fault)
    failed = run(services)
    photographer.show("integrations")
    photographer.work(7)
    photographer.take("run-failed")
    photographer.show("activity", failed)
    photographer.take("failed-session")
    simulator.faults.clear()
    photographer.close()


def _in_the_morning(photographer: Photographer) -> None:
    """What an admin sees first: what needs attention, the figures, and the seats that nobody uses."""
    for page, picture in (("home", "home"), ("dashboards", "dashboard"), ("reclaim", "reclaim")):
        photographer.show(page)
        photographer.take(picture)


def _reports(photographer: Photographer, services: Services) -> None:
    """A report as it comes along, and one of one's own while it is built."""
    photographer.show("reports", "Leavers with active accounts")
    photographer.take("report")
    about = {
        "name": "Accounts by department",
        "object": "saas_users",
        "group_by": ["person.department", "saas_application"],
        "sort": ["-count"],
    }
    own = add_report(services.store, ReportDocument.model_validate(about))
    photographer.show("report", own.id)
    photographer.take("report-builder")


def _look_back(photographer: Photographer, services: Services) -> None:
    """The people of a month ago, and what has changed since."""
    moment = moment_of_day(services.store, clock.now() - timedelta(days=30))
    looking_back = photographer.desk.looking_back
    looking_back.show(past_store(services.store, moment, _hear_nothing), moment)
    photographer.show("people")
    photographer.take("past")
    looking_back.come_back()
    photographer.show("comparison", moment)
    photographer.take("comparison")


def _expect_leavers_again(services: Services) -> None:
    """The demo holds its first run; the pictures that follow show one that goes through."""
    integration = integrations.list_integrations(services.store)[0]
    usual = integration.document.model_copy(update={"deactivate_limit_count": 200})
    integrations.save_integration(services.store, usual)


def _somebody(services: Services) -> int:
    """A person who has an account everywhere."""
    with services.store.reading() as db:
        (person,) = db.execute_sql(
            """SELECT person FROM saas_user WHERE person IS NOT NULL AND NOT deactivated
               GROUP BY person ORDER BY count(*) DESC, person LIMIT 1"""
        ).fetchone()
    return int(person)


def _mapping(photographer: Photographer) -> None:
    """The mapping editor with Smart Mapping's proposals."""
    from saasdesk.ui.mapping_editor import MappingEditor

    photographer.show("mapping", 2)
    editor = photographer.desk.window.findChild(MappingEditor)
    if editor is not None:
        editor.find_matches()
    photographer.take("mapping")


def _workflows(photographer: Photographer, services: Services) -> None:
    """Those that are ready to copy; one of them on its canvas, and what it would do."""
    from saasdesk.workflows import workflows
    from saasdesk.workflows.starters import list_starters

    for starter in list_starters():
        workflows.save_workflow(services.store, starter.copy(services.vault.list()))
    photographer.show("workflows")
    photographer.take("workflows")
    for name, picture in (("Delete PagerDuty users idle for a year", "workflow"), ("Off-board a person", "off-board")):
        found = workflows.find_workflow(services.store, name)
        photographer.show("workflow", found.id)
        photographer.take(picture)
    found = workflows.find_workflow(services.store, "Delete PagerDuty users idle for a year")
    photographer.show("workflow_plan", found.id)
    photographer.take("workflow-plan")


def _while_running(photographer: Photographer, services: Services, simulator: Simulator) -> None:
    """Slow answers let a run be seen while it is going on."""
    integration = integrations.list_integrations(services.store)[0]
    photographer.show("integrations")
    photographer.take("integrations")
    page = photographer.desk.window.page("integrations")
    if isinstance(page, IntegrationsPage):
        page.open_gallery("users")
        photographer.take("new-integration")
        page.close_gallery()
        for view in ("list", "mapping"):
            page.narrowing.choose_view(view)
            photographer.take(f"integrations-{view}")
        page.narrowing.choose_view("blocks")
    simulator.faults.add(Fault(FaultKind.DRIP, endpoint="users", page=2, amount=0.0005, times=1))

    def work(tell: Callable[[object], None], stop: object) -> object:
        options = RunOptions()
        return run_integration(services.store, services.vault, integration, options, tell, stop)  # type: ignore[arg-type]

    job = photographer.desk.window.start_job(work, integration.name, f"integration:{integration.id}")
    photographer.work(1.5)
    photographer.take("integrations-running", settle=False)
    if job is not None:
        photographer.desk.window.cancel_job(job)
    photographer.settle()
    simulator.faults.clear()


def walkthroughs(target: Path, folder: Path) -> None:
    """The pictures of docs/walkthroughs: each vendor's help article, followed in a profile of its own."""
    from tests.walks.articles import ARTICLES, Walk

    target.mkdir(parents=True, exist_ok=True)
    for vendor, article in ARTICLES.items():
        with (
            Simulator(PEOPLE) as simulator,
            Store.open(open_profile(folder / f"walk-{vendor}", demo=True)) as store,
        ):
            desk = WindowDesk(make_application(), Services(store.profile, store, Vault(store)))
            desk.theme.mode = "light"
            desk.window.resize(*SIZE)
            desk.open()

            def take(name: str, desk: WindowDesk = desk) -> None:
                if name.rpartition("-")[2] in WALKED:
                    _save_small(desk, target / f"{name}.png")

            Walk(desk, store, article, simulator.access()[vendor], take).go()
            desk.close()


def first_time(target: Path, folder: Path) -> None:
    """The pictures of the first walk through the demo."""
    from tests.walks.first_time import FirstTimeWalk

    with demo_services(folder / "saasdesk" / "profiles" / "demo", PEOPLE, began=BEGAN) as (services, simulator):
        tell_story(services, simulator, _hear_nothing)
        fill(services, threading.Event())
        desk = WindowDesk(make_application(), services)
        desk.theme.mode = "light"
        desk.window.resize(*SIZE)
        desk.open()
        FirstTimeWalk(desk, lambda name: _save_small(desk, target / f"{name}.png")).go()
        desk.close()


def _save_small(desk: WindowDesk, path: Path) -> None:
    # 0 is the smallest file that PNG can make without losing anything.
    _small(desk.window).save(str(path), "PNG", 0)
    print(path)


def _small(window: QWidget) -> QImage:
    """The window with the dialog in front of it, small enough to stand beside text."""
    picture = window.grab()
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 60))
        shown = dialog.grab()
        corner = picture.rect().center() - shown.rect().center()
        painter.drawPixmap(corner, shown)
        painter.end()
    return picture.toImage().scaledToWidth(800, Qt.TransformationMode.SmoothTransformation)


def _plan_of(services: Services, session: int) -> int:
    with services.store.reading() as db:
        (plan,) = db.execute_sql("SELECT id FROM plan WHERE session = ?", (session,)).fetchone()
    return int(plan)


def main() -> None:
    """Take the pictures of the documentation, or with a size like 1920x1080 and a folder, others.

    A desktop of our own, with a keyring, is started first: the pictures show what an admin sees, not this computer.
    """
    if "SAASDESK_SCREENS" not in os.environ:
        sys.path.insert(0, str(Path(__file__).parent.parent))
        from tests.desktop import Desktop

        with tempfile.TemporaryDirectory() as state, Desktop(screen=None, state=Path(state)) as desktop:
            environment = {
                **desktop.env,
                "HOME": state,
                "SAASDESK_SCREENS": "1",
                "QT_QPA_PLATFORM": "offscreen",
                "LC_ALL": "en_GB.UTF-8",
            }
            sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)
    size, target = SIZE, TARGET
    if len(sys.argv) == 3:
        width, _, height = sys.argv[1].partition("x")
        size, target = (int(width), int(height)), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    # Where an admin has it, in a home of our own.
    folder = Path.home() / ".local" / "share"
    pictures(target, size, folder)
    if target == TARGET:
        walkthroughs(WALKTHROUGHS, folder)
        first_time(WALKTHROUGHS, folder)


if __name__ == "__main__":
    main()
