"""A workflow on the table, and what it can refer to."""

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.fields import Field, ObjectKind
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.workflows import editing
from saasdesk.workflows.blocks import World
from saasdesk.workflows.graph import WorkflowDocument

DELETE = {"preset": "pagerduty_delete_user", "credential": "pd key"}


def world() -> World:
    """People with an e-mail address, and a key for PagerDuty."""
    key = Credential("1", "pd key", "pagerduty", "2026-01-01T00:00:00Z", permission="act")
    names = ("email", "role", "pager_duty_user_id")
    return World(
        {name: Field(ObjectKind.PEOPLE, name, name.title()) for name in names}, {key.name: key}, {}, CONNECTORS
    )


def leavers() -> WorkflowDocument:
    """Begin → delete → End, and a notification where it fails."""
    document = editing.new_document("Leavers", "people")
    document, api = editing.add_block(
        document, "api", after=("begin", "next"), settings=DELETE, title="PagerDuty Delete User"
    )
    document, told = editing.add_block(
        document, "notification", after=(api, "failure"), settings={"subject": "It failed"}
    )
    return editing.connect(document, told, "success", "end")


class Clock:
    """A clock that goes on when it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(qapp: object, clock: Clock) -> WorkflowModel:
    return WorkflowModel(leavers(), world, clock=clock)
