"""Advanced Mode begins with what the preset sends."""

import pytest

from saasdesk.connectors import CONNECTORS, Connector, Preset
from saasdesk.credentials import Credential
from saasdesk.workflows.blocks import KINDS
from saasdesk.workflows.blocks.api import ApiSettings
from saasdesk.workflows.blocks.json_template import JsonTemplate
from saasdesk.workflows.blocks.kind import World
from saasdesk.workflows.blocks.preset_as_own import preset_as_own
from saasdesk.workflows.requests import find_preset

KEY = Credential("1", "key", "jetbrains", "2026-01-01T00:00:00Z", permission="act", inputs={"company_code": "2600049"})
WORLD = World({}, {"key": KEY}, {}, CONNECTORS)
EVERY = [(connector, preset) for connector in CONNECTORS.values() for preset in connector.presets]


def written(key: str, **entered: str) -> dict[str, object]:
    connector, preset = find_preset(CONNECTORS, key)
    return preset_as_own(connector, preset, KEY if connector.key == KEY.connector else None, entered)


@pytest.mark.parametrize(("connector", "preset"), EVERY, ids=[preset.key for _, preset in EVERY])
def test_that_every_preset_can_be_written_out(connector: Connector, preset: Preset) -> None:
    entered = {known.key: "7" if known.is_number else f"{{{{ {known.key} }}}}" for known in preset.inputs}

    own = ApiSettings.model_validate({"mode": "advanced", **preset_as_own(connector, preset, None, entered)})

    assert (own.method, own.url) == (preset.method, preset.path)
    assert bool(own.body) is (preset.body is not None)
    if own.body:
        JsonTemplate(own.body)


def test_that_what_was_entered_is_put_in_and_what_was_left_empty_is_left_out() -> None:
    own = written("jumpcloud_create_user", username="{{ username }}", email="{{ email }}", firstname="Ann")

    assert own["body"] == '{\n  "username": "{{ username }}",\n  "email": "{{ email }}",\n  "firstname": "Ann"\n}'
    assert written("jumpcloud_delete_user")["url"] == "/api/systemusers/{{ jump_cloud_user_id }}"
    assert "params" not in written("jumpcloud_delete_user")


def test_that_advanced_mode_takes_over_the_preset_once() -> None:
    chosen = {"mode": "advanced", "preset": "jumpcloud_expire_password", "credential": "key"}

    taken = KINDS["api"].taken_over(chosen, "mode", WORLD)
    again = KINDS["api"].taken_over({**taken, "url": "/mine"}, "mode", WORLD)

    assert (taken["method"], taken["url"]) == ("POST", "/api/systemusers/{{ jump_cloud_user_id }}/expire")
    assert again["url"] == "/mine"
    assert KINDS["api"].taken_over({"mode": "advanced"}, "mode", WORLD) == {"mode": "advanced"}
