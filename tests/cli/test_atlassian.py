"""Atlassian at the command line: two kinds of keys, inputs, and the sentences when one of them is wrong."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from saasdesk.clock import now
from saasdesk.simulator.atlassian import KeyKind
from saasdesk.simulator.control import Simulator
from tests.cli.conftest import CommandLine

ADMIN, DIRECTORY, NAME = "at key", "at directory", "Atlassian"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(60) as running:
        yield running


@pytest.fixture
def access(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What an admin has; the keys come from the environment."""
    found = simulator.access()["atlassian"]
    monkeypatch.setenv("SAASDESK_CREDENTIAL_AT_KEY", found["key"])
    monkeypatch.setenv("SAASDESK_CREDENTIAL_AT_DIRECTORY", found["directory_key"])
    return found


def set_key(cli: CommandLine, access: dict[str, str], *words: str, name: str = ADMIN) -> None:
    base = ("--connector", "atlassian", "--no-secret", "--base-url", access["base_url"])
    cli.ok("credential", "set", name, *base, *words)


def set_both(cli: CommandLine, access: dict[str, str]) -> None:
    set_key(cli, access, "--input", f"organization_id={access['organization_id']}")
    set_key(cli, access, "--kind", "scim", "--input", f"directory_id={access['directory_id']}", name=DIRECTORY)


def apply(cli: CommandLine, code: int = 0, more: str = "", **keys: str) -> str:
    values = {"name": NAME, "connector": "atlassian", "credential": ADMIN, **keys}
    text = "".join(f'{key} = "{value}"\n' for key, value in values.items())
    done = cli.do("integration", "apply", cli.file(f"deactivate = true\n{text}{more}"))
    assert done.code == code, done
    return done.err


def features(cli: CommandLine, name: str) -> dict[str, bool | None]:
    return {each["feature"]: each["works"] for each in cli.json("credential", "test", name)["features"]}


def test_that_each_kind_of_key_is_tested_for_what_it_is_for(cli: CommandLine, access: dict[str, str]) -> None:
    set_both(cli, access)

    assert features(cli, ADMIN) == {
        "List users": True,
        "Suspend, restore and remove": True,
        "Deactivate and delete accounts": True,
        "Create and delete users": None,
    }
    assert features(cli, DIRECTORY) == {"List users": True, "Create and delete users": None}
    assert cli.json("credential", "test", ADMIN)["identity"] == "Kestrel & Heath"
    assert cli.json("credential", "test", DIRECTORY)["identity"].startswith("a directory with ")
    assert {row["name"]: row["kind"] for row in cli.json("credential", "list")} == {ADMIN: "admin", DIRECTORY: "scim"}


def test_that_a_key_with_scopes_is_told_what_to_change(
    cli: CommandLine, access: dict[str, str], simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_both(cli, access)
    monkeypatch.setenv("SAASDESK_CREDENTIAL_AT_KEY", simulator.atlassian.keys[KeyKind.SCOPED])

    tested = cli.json("credential", "test", ADMIN)["features"]

    (refused,) = [each for each in tested if each["works"] is False]
    assert refused["feature"] == "Deactivate and delete accounts"
    assert refused["advice"].endswith("Make a key without scopes.")


@pytest.mark.parametrize(("name", "word"), [(ADMIN, "organization_id"), (DIRECTORY, "directory_id")])
def test_p17_that_a_missing_input_is_named_with_how_to_enter_it(
    cli: CommandLine, access: dict[str, str], name: str, word: str
) -> None:
    set_key(cli, access)
    set_key(cli, access, "--kind", "scim", name=DIRECTORY)

    sentence = cli.fails(2, "credential", "test", name)

    assert "is missing" in sentence
    assert f"--input {word}=…" in sentence


def test_that_a_pasted_address_is_kept_as_the_id_alone(cli: CommandLine, access: dict[str, str]) -> None:
    whole = f"https://api.atlassian.com/scim/directory/{access['directory_id']}/"
    set_key(cli, access, "--kind", "scim", "--input", f"directory_id={whole}", name=DIRECTORY)

    (row,) = cli.json("credential", "list")

    assert row["inputs"] == {"directory_id": access["directory_id"]}
    cli.ok("credential", "test", DIRECTORY)


def test_that_a_pasted_prefix_is_no_part_of_the_key(
    cli: CommandLine, access: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_both(cli, access)
    for prefix in ("Bearer ", "Token token=", "Authorization: Bearer "):
        monkeypatch.setenv("SAASDESK_CREDENTIAL_AT_KEY", prefix + access["key"])
        cli.ok("credential", "test", ADMIN)


def test_p17_that_the_organisation_of_somebody_else_is_said(
    cli: CommandLine, access: dict[str, str], simulator: Simulator
) -> None:
    labs = simulator.all_access()["atlassian-labs"]
    set_key(cli, access, "--input", f"organization_id={labs['organization_id']}")

    sentence = cli.fails(3, "credential", "test", ADMIN)

    assert "This key does not open the organisation" in sentence
    assert "Copy the Organization ID that was shown together with this key." in sentence


@pytest.mark.parametrize("kind", [KeyKind.EXPIRED, KeyKind.DIRECTORY])
def test_p17_that_a_refused_key_is_bad_expired_or_under_scoped(
    cli: CommandLine, access: dict[str, str], simulator: Simulator, monkeypatch: pytest.MonkeyPatch, kind: KeyKind
) -> None:
    set_both(cli, access)
    monkeypatch.setenv("SAASDESK_CREDENTIAL_AT_KEY", simulator.atlassian.keys[kind])

    assert cli.fails(3, "credential", "test", ADMIN).endswith(
        "It may be wrong or expired, or lack the scopes for this."
    )


def test_that_a_key_says_when_it_expires_at_each_of_its_uses(cli: CommandLine, access: dict[str, str]) -> None:
    soon = (now() + timedelta(days=3)).astimezone().date()
    set_both(cli, access)
    set_key(cli, access, "--expires", soon.isoformat())
    apply(cli)
    cli.ok("integration", "launch", NAME)
    sentence = f"The key “{ADMIN}” expires in 3 days, on {soon}. Make a new one and replace it."

    for words in (("credential", "test", ADMIN), ("run", NAME)):
        done = cli.do(*words)
        assert (done.code, sentence in done.err + done.out) == (0, True), words


def test_that_an_integration_names_both_keys_and_neither_in_the_others_place(
    cli: CommandLine, access: dict[str, str]
) -> None:
    set_both(cli, access)

    assert "Name it as directory_credential" in apply(cli, 2, credential=DIRECTORY)
    assert f"directory_credential: “{ADMIN}” is no directory key of Atlassian." in apply(
        cli, 2, directory_credential=ADMIN
    )
    apply(cli, directory_credential=DIRECTORY)

    assert f'directory_credential = "{DIRECTORY}"' in cli.ok("integration", "export", NAME)
    assert f"is used by {NAME}" in cli.fails(2, "credential", "delete", DIRECTORY)
    cli.ok("integration", "launch", NAME)
    cli.ok("run", NAME)


def test_p17_that_a_directory_key_that_is_not_there_keeps_a_draft_a_draft(
    cli: CommandLine, access: dict[str, str]
) -> None:
    set_both(cli, access)
    apply(cli, directory_credential="nix")

    assert "“nix” does not exist" in cli.fails(2, "integration", "launch", NAME)


def test_p17_that_a_vendor_with_one_kind_of_key_takes_no_other(cli: CommandLine) -> None:
    sentence = cli.fails(2, "credential", "set", "x", "--connector", "pagerduty", "--kind", "scim", "--no-secret")

    assert sentence == "PagerDuty has no keys of the kind scim. Known: admin."
    done = cli.do("integration", "apply", cli.file('name = "x"\nconnector = "pagerduty"\ndirectory_credential = "y"\n'))
    assert (done.code, "directory_credential: PagerDuty has one kind of key only." in done.err) == (2, True)


def test_that_an_input_in_a_file_is_cut_down_and_a_wrong_one_named(cli: CommandLine, access: dict[str, str]) -> None:
    set_both(cli, access)
    page = f"https://admin.atlassian.com/o/{access['organization_id']}/users"

    apply(cli, more=f'[inputs]\norganization_id = "{page}"\n')
    assert f'organization_id = "{access["organization_id"]}"' in cli.ok("integration", "export", NAME)

    wrong = apply(cli, 2, more='[inputs]\norganization_id = "a b"\n')
    assert "inputs.organization_id: “a b” is no Atlassian Organization ID: there are spaces in it." in wrong


def test_that_a_company_without_anybody_is_asked_about_its_domain(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Simulator(0) as nobody:
        access = nobody.access()["atlassian"]
        monkeypatch.setenv("SAASDESK_CREDENTIAL_AT_KEY", access["key"])
        set_key(cli, access, "--input", f"organization_id={access['organization_id']}")
        apply(cli)
        cli.ok("integration", "launch", NAME)

        done = cli.do("run", NAME)

    assert done.code == 0
    assert "is a domain verified at admin.atlassian.com?" in done.err
