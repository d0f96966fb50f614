"""The provisioning calls against a SCIM 2.0 server that others wrote: it knows the standard, and nothing of us."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.workflows import history
from saasdesk.workflows.runner import Ended, RunState
from tests.workflows.conftest import Workshop
from tests.workflows.test_presets import send

KEY, DIRECTORY = "a-key-of-this-directory", "34a186fd-f96a-3ec0-056f-0616fb8c02e0"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    # Loading that server takes seconds, which each process of the tests would spend where this stood above.
    from tests.workflows.scim_directory import Directory

    directory = Directory(DIRECTORY, KEY)
    serving = threading.Thread(target=directory.server.serve_forever, daemon=True)
    serving.start()
    with Simulator(20) as simulator:
        made = Workshop(Path(tmp_path_factory.mktemp("scim")) / "profile", simulator, "atlassian")
        made.directory = directory
        made.vault.set(
            "directory", made.connector, KEY, kind="scim", permission="act",
            inputs={"directory_id": DIRECTORY, "organization_id": "x"}, base_url=directory.url,
        )  # fmt: skip
        made.integrate()
        made.run()
        yield made
        made.close()
    directory.server.shutdown()
    directory.server.server_close()
    serving.join()


def do(workshop: Workshop, preset: str) -> Ended:
    (ended,) = send(workshop, preset, "email", someone(workshop), key="directory", of="people").ended
    return ended


def someone(workshop: Workshop) -> str:
    return str(workshop.value("SELECT email FROM person WHERE name IS NOT NULL ORDER BY id LIMIT 1"))


def test_that_a_user_is_made_closed_and_deleted_as_the_standard_has_it(workshop: Workshop) -> None:
    who = someone(workshop)

    unknown = do(workshop, "atlassian_delete_user")
    made = do(workshop, "atlassian_create_user")
    assert workshop.directory.users() == {who: True}
    again = do(workshop, "atlassian_create_user")
    closed = do(workshop, "atlassian_deactivate_directory_user")
    assert workshop.directory.users() == {who: False}
    deleted = do(workshop, "atlassian_delete_user")

    assert workshop.directory.users() == {}
    every = (unknown, made, again, closed, deleted)
    assert {ended.state for ended in every} == {RunState.COMPLETED}, every
    assert [(call.preset, call.status, call.verified) for call in workshop.calls()] == [
        ("atlassian_create_user", 201, "confirmed"),
        ("atlassian_create_user", 409, "cannot verify"),
        # The standard leaves it to the server whether the changed user comes back.
        ("atlassian_deactivate_directory_user", 204, "disabled"),
        ("atlassian_delete_user", 204, "gone"),
    ]
    passages = {passage.run.id: passage for passage in history.latest_runs(workshop.store)}
    assert passages[unknown.run].steps[1].message == "User Not Found"


def test_that_a_key_of_another_directory_is_told_as_such(workshop: Workshop) -> None:
    workshop.vault.set(
        "another", workshop.connector, "not-this-one", kind="scim", permission="act",
        inputs={"directory_id": DIRECTORY, "organization_id": "x"}, base_url=workshop.directory.url,
    )  # fmt: skip

    (ended,) = send(workshop, "atlassian_create_user", "email", someone(workshop), key="another", of="people").ended

    assert ended.state is RunState.FAILED
    assert ended.message.startswith("Nothing was sent.")
