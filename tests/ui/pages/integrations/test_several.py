"""Several runs at once in the window: tiles, Activity, the status bar, and commands handed over from a shell."""

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk import cli
from saasdesk.app.due import DueClock
from saasdesk.app.window import WindowDesk
from saasdesk.connectors import CONNECTORS
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync import integrations
from saasdesk.sync.events import Status
from saasdesk.sync.sessions import list_sessions
from saasdesk.ui.pages.activity import ActivityPage
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.tile import Tile
from tests.sync.conftest import NAME, Office
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

OTHER = "Other account"


class Branches(Whole):
    """A window over two accounts, each with a simulator of its own."""

    def __init__(self, office: Office, desk: WindowDesk, qtbot: QtBot, other: Simulator) -> None:
        super().__init__(office, desk, qtbot)
        self.simulators = (office.simulator, other)

    @property
    def page(self) -> IntegrationsPage:
        page = self.window.page("integrations")
        assert isinstance(page, IntegrationsPage)
        return page

    def tile(self, name: str) -> Tile:
        """The tile of an integration."""
        self.wait(lambda: len(self.page.findChildren(Tile)) > 1)
        return next(t for t in self.page.findChildren(Tile) if t.facts.integration.name == name)

    def hang(self) -> None:
        """Let both vendors fall silent when they are asked for users."""
        for simulator in self.simulators:
            simulator.faults.add(Fault(FaultKind.HANG, endpoint="users"))

    def statuses(self) -> dict[str, Status]:
        """How the latest session of each integration stands."""
        newest_last = reversed(list_sessions(self.office.store))
        return {session.integration_name: session.status for session in newest_last}


@pytest.fixture
def other_key() -> str:
    """The credential of the second integration."""
    return "other key"


@pytest.fixture
def branches(tmp_path: Path, qapp: QApplication, qtbot: QtBot, other_key: str) -> Iterator[Branches]:
    with Simulator(60) as simulator, Simulator(30, seed=8) as other:
        office = Office(tmp_path / "profile", simulator)
        access = other.access()["pagerduty"]
        office.vault.set("other key", CONNECTORS["pagerduty"], access["key"], base_url=access["base_url"])
        office.integrate()
        office.integrate(OTHER, credential=other_key, saas_application=OTHER)
        desk = WindowDesk(qapp, Services(office.store.profile, office.store, office.vault))
        desk.window.resize(1280, 800)
        desk.open(page="integrations")
        yield Branches(office, desk, qtbot, other)
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        office.close()


def test_that_run_all_runs_every_integration_and_each_tile_shows_its_own(branches: Branches) -> None:
    tiles = branches.tile(NAME), branches.tile(OTHER)
    branches.hang()
    branches.wait(branches.page.run_all.isVisible)

    branches.qtbot.mouseClick(branches.page.run_all, Qt.MouseButton.LeftButton)

    branches.wait(lambda: all(tile.phase.text() == "Signing in" for tile in tiles))
    assert [tile.state.status.word for tile in tiles] == ["Running", "Running"]
    assert len(branches.desk.jobs.running()) >= 2
    assert "+1" in branches.window.status.job_chip.accessibleName()


def test_that_cancelling_one_leaves_the_other_running(branches: Branches) -> None:
    branches.simulators[0].faults.add(Fault(FaultKind.HANG, endpoint="users"))
    tile, other = branches.tile(NAME), branches.tile(OTHER)
    branches.page.run_all.click()
    branches.wait(tile.cancel.isEnabled)

    branches.qtbot.mouseClick(tile.cancel, Qt.MouseButton.LeftButton)

    branches.wait(lambda: tile.run.isVisible() and other.run.isVisible())
    assert branches.statuses() == {NAME: Status.CANCELLED, OTHER: Status.COMPLETED}
    assert branches.office.value("SELECT count(*) FROM person") == 30


def test_that_cancel_all_in_activity_ends_every_run(branches: Branches) -> None:
    branches.hang()
    branches.tile(NAME)
    branches.page.run_all.click()
    branches.show("activity")
    activity = branches.window.page("activity")
    assert isinstance(activity, ActivityPage)
    branches.wait(activity.running.cancel_all.isVisible)

    branches.qtbot.mouseClick(activity.running.cancel_all, Qt.MouseButton.LeftButton)

    branches.wait(lambda: branches.statuses() == {NAME: Status.CANCELLED, OTHER: Status.CANCELLED})
    branches.wait(lambda: not activity.running.cancel_all.isVisible())


def test_that_many_jobs_at_once_leave_room_for_the_sessions(branches: Branches) -> None:
    branches.office.run()
    end = threading.Event()
    for number in range(12):
        branches.desk.jobs.start(lambda _tell, _stop: end.wait(20), f"Job {number}")
    branches.show("activity")
    activity = branches.window.page("activity")
    assert isinstance(activity, ActivityPage)

    branches.wait(lambda: len(activity.running.rows) >= 12)

    branches.wait(lambda: activity.running.height() > 200)
    assert branches.window.height() == 800
    assert activity.table.height() > 100
    end.set()
    branches.wait(lambda: activity.running.height() < 50)


@pytest.mark.parametrize("other_key", ["pd key"])
def test_that_a_tile_that_waits_for_its_key_says_for_whom(branches: Branches, other_key: str) -> None:
    branches.hang()
    first = branches.tile(NAME)
    first.pressed.emit("run")
    branches.wait(lambda: first.phase.text() == "Signing in")

    branches.tile(OTHER).pressed.emit("run")

    second = branches.tile(OTHER)
    branches.wait(lambda: second.phase.text() == f"Waiting for “{NAME}”, which uses the same key")
    assert second.state.status.word == "Waiting"
    branches.wait(first.cancel.isEnabled)
    first.pressed.emit("cancel")
    branches.wait(lambda: second.phase.text() == "Signing in")
    assert second.state.status.word == "Running"


def test_that_a_command_handed_over_shows_on_the_tiles_and_answers_the_shell(branches: Branches) -> None:
    branches.hang()
    tiles = branches.tile(NAME), branches.tile(OTHER)
    out = io.StringIO()
    terminal = cli.Terminal(out=out, err=io.StringIO(), read_secret=lambda _prompt: "")
    codes: list[int] = []
    words = ["run", "--all", "--json"]

    command = threading.Thread(target=lambda: codes.append(cli.run_command(words, branches.desk._make_desk(terminal))))
    command.start()

    branches.wait(lambda: all(tile.phase.text() == "Signing in" for tile in tiles))
    branches.wait(tiles[0].cancel.isEnabled)
    tiles[0].pressed.emit("cancel")
    branches.wait(tiles[0].run.isVisible)
    terminal.stop.set()
    branches.wait(lambda: codes)
    command.join()
    assert codes == [130]
    results = json.loads(out.getvalue())
    assert [(result["integration"], result["status"]) for result in results] == [
        (NAME, "cancelled"),
        (OTHER, "cancelled"),
    ]


def test_that_what_is_due_runs_side_by_side_and_once(branches: Branches) -> None:
    branches.hang()
    for name in (NAME, OTHER):
        found = integrations.find_integration(branches.office.store, name)
        document = found.document.model_copy(
            update={"schedule": found.document.schedule.model_copy(update={"at": "00:00"})}
        )
        integrations.save_integration(branches.office.store, document)
    branches.office.store.write(
        lambda db: db.execute_sql("UPDATE integration SET launched_at = '2020-01-01T00:00:00Z'").rowcount
    )
    clock = DueClock(
        Services(branches.office.store.profile, branches.office.store, branches.office.vault),
        branches.window,
        branches.desk.jobs,
        branches.desk.bridge,
    )

    clock.look()

    branches.wait(lambda: branches.statuses() == {NAME: Status.FETCHING, OTHER: Status.FETCHING})
    clock.look()
    branches.qtbot.wait(50)
    assert len(list_sessions(branches.office.store)) == 2
    clock.stop()
