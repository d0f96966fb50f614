"""The PagerDuty delete workflow built in the window, once without a mouse and once without a keyboard: the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from saasdesk.app.picture import wait_until_drawn
from saasdesk.app.window import WindowDesk
from saasdesk.connectors import Danger
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.ui.pages.workflows.editor.page import WorkflowPage
from saasdesk.workflows import workflows
from saasdesk.workflows.workflow import Workflow, WorkflowState
from tests.walks import building
from tests.walks.hands import Hand, MouseOfQt, wait_until
from tests.workflows.conftest import Workshop

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass(frozen=True)
class Built:
    """An office, and the window over it at the page of workflows."""

    workshop: Workshop
    desk: WindowDesk


@pytest.fixture
def empty(tmp_path: Path, qapp: QApplication) -> Iterator[Built]:
    with Simulator(10) as simulator:
        workshop = Workshop(tmp_path / "profile", simulator)
        building.prepare(workshop)
        desk = WindowDesk(qapp, Services(workshop.store.profile, workshop.store, workshop.vault))
        desk.window.resize(1280, 800)
        desk.open(page="workflows")
        desk.window.activateWindow()
        wait_until(desk.window.isActiveWindow, "the window")
        wait_until_drawn(desk)
        yield Built(workshop, desk)
        left = desk.window.page("workflow")
        if isinstance(left, WorkflowPage):
            # Where a walk broke off, nobody is there to answer whether its edits are to be kept.
            left.discard()
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
        qapp.processEvents()
        workshop.close()


def test_that_the_delete_workflow_is_built_without_a_mouse(empty: Built) -> None:
    saved = building.by_keyboard(empty.desk.window, empty.workshop)

    _assert_as_wanted(empty.workshop, saved)


def test_that_the_delete_workflow_is_built_without_a_keyboard(empty: Built) -> None:
    saved = building.by_mouse(empty.desk.window, empty.workshop, Hand(MouseOfQt()))

    _assert_as_wanted(empty.workshop, saved)


def _assert_as_wanted(workshop: Workshop, saved: Workflow) -> None:
    """Both ways are held against one document, so that they are equal to each other; and it can be launched."""
    assert building.without_places(saved.document) == building.WANTED
    launched = workflows.launch(workshop.store, workshop.vault, saved)
    assert launched.state is WorkflowState.ACTIVE
    assert workshop.plan(launched).calls.keys() == {Danger.DESTROYS}
