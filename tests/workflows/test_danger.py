"""What cannot be undone, told apart from what can: only the first wants its number typed."""

import pytest

from saasdesk.connectors import CONNECTORS, Danger
from saasdesk.errors import UserError
from saasdesk.workflows.blocks import Foreseen
from saasdesk.workflows.planning import Step, Way, WorkflowPlan
from saasdesk.workflows.requests import PresetRequest, find_preset
from saasdesk.workflows.runner import refuse_other_number


def plan_of(*presets: str) -> WorkflowPlan:
    requests = tuple(
        PresetRequest(preset, connector.key, "127.0.0.1", preset.path, preset.path, {})
        for connector, preset in (find_preset(CONNECTORS, key) for key in presets)
    )
    return WorkflowPlan("Leavers", (Way(1, "Ann", (Step("x", "X", Foreseen("success", requests=requests)),)),))


def test_that_only_what_cannot_be_undone_wants_its_number() -> None:
    plan = plan_of("jumpcloud_suspend_user", "jumpcloud_delete_user")

    assert (plan.irreversible, plan.calls[Danger.DESTROYS]) == (1, 2)
    refuse_other_number(plan, 1)
    refuse_other_number(plan_of("jumpcloud_suspend_user"), 0)
    with pytest.raises(UserError, match="The plan has 2 destructive calls, and 0 were agreed to"):
        refuse_other_number(plan, 0)


def test_that_a_vendor_that_no_connector_knows_is_called_by_its_host() -> None:
    preset = find_preset(CONNECTORS, "jumpcloud_delete_user")[1]

    assert PresetRequest(preset, "other", "api.example.com", "/x", "/x", {}).vendor == "api.example.com"
    assert PresetRequest(preset, "jumpcloud", "api.example.com", "/x", "/x", {}).vendor == "JumpCloud"
