"""`saasdesk credential`: what is kept, what is refused, and that no command shows a key."""

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from saasdesk.simulator.pagerduty import KeyKind
from tests.cli.conftest import CREDENTIAL, NAME, CommandLine, spoil
from tests.credentials.keyrings import MemoryKeyring
from tests.web.servers import LoopbackServer, http

SET = ("credential", "set", CREDENTIAL, "--connector", "pagerduty")


def keep_keys_in_memory(patch: pytest.MonkeyPatch) -> None:
    """A keyring for the commands of this test."""
    keyring = MemoryKeyring()
    patch.setattr("saasdesk.credentials.keyrings._find_backend", lambda: keyring)


def test_that_a_list_tells_everything_but_the_key(connected: CommandLine, simulator: Simulator) -> None:
    connected.ok(*SET, "--no-secret", "--permission", "act", "--expires", "2031-05-04")

    (row,) = connected.json("credential", "list")

    assert set(row) == {
        "name", "connector", "kind", "permission", "source", "expires", "hosts", "inputs", "last_tested", "last_used",
        "used_by",
    }  # fmt: skip
    assert (row["name"], row["connector"], row["kind"]) == (CREDENTIAL, "pagerduty", "admin")
    assert (row["permission"], row["source"], row["expires"]) == ("act", "environment", "2031-05-04")
    assert row["used_by"] == [NAME]
    assert simulator.key() not in connected.ok("credential", "list")


@pytest.mark.parametrize(
    ("key", "features"),
    [
        (KeyKind.FULL, {"List users": True, "Licences": True, "Last activity": True, "Delete users": None}),
        (KeyKind.NO_EXTRAS, {"List users": True, "Licences": False, "Last activity": False, "Delete users": None}),
        (KeyKind.NO_PLAN, {"List users": True, "Licences": True, "Last activity": False, "Delete users": None}),
    ],
)
def test_that_a_test_tells_what_works_and_what_to_change(
    connected: CommandLine,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    key: KeyKind,
    features: dict[str, bool | None],
) -> None:
    monkeypatch.setenv("SAASDESK_CREDENTIAL_PD_KEY", simulator.key(key))

    tested = connected.json("credential", "test", CREDENTIAL)

    assert {feature["feature"]: feature["works"] for feature in tested["features"]} == features
    assert all(feature["advice"] for feature in tested["features"] if not feature["works"])
    assert tested["identity"].endswith(".pagerduty.example.com")
    assert connected.ok("credential", "test", CREDENTIAL).splitlines()[1] == "Feature\tWorks\tWhat to change"
    assert connected.json("credential", "list")[0]["last_tested"]


def test_p17_that_a_test_tells_a_wrong_key_from_a_web_page(connected: CommandLine, simulator: Simulator) -> None:
    spoil(simulator, FaultKind.STATUS, endpoint="", status=401)
    assert "refused the key (401)" in connected.fails(3, "credential", "test", CREDENTIAL)
    simulator.faults.clear()

    spoil(simulator, FaultKind.WEB_PAGE, endpoint="")
    assert "got a web page" in connected.fails(4, "credential", "test", CREDENTIAL)


def test_that_a_credential_in_use_is_deleted_only_by_force(connected: CommandLine) -> None:
    assert connected.fails(2, "credential", "delete", CREDENTIAL).startswith(f"“{CREDENTIAL}” is used by {NAME},")
    assert len(connected.json("credential", "list")) == 1


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        (2, ("--kind", "user"), "--kind is admin or scim."),
        (2, ("--permission", "all"), "--permission is read or act."),
        (2, ("--input", "base_url"), "--input base_url: write it as KEY=VALUE."),
        (2, ("--input", "nix=1"), "--input nix: PagerDuty has no such input. Known: base_url."),
        (2, ("--expires", "soon"), "--expires soon: write the date as YYYY-MM-DD."),
        (2, ("--base-url", "ftp://api.example.com"), "'ftp://api.example.com' is not an address."),
        (2, ("--base-url", "http://api.example.com"), "api.example.com is reached over plain HTTP"),
        (2, ("--base-url", "https://me:pw@api.example.com"), "The address holds a name or password before the host."),
    ],
)
def test_p17_that_a_wrong_option_is_named_and_nothing_is_saved(
    cli: CommandLine, code: int, words: tuple[str, ...], sentence: str
) -> None:
    assert cli.fails(code, *SET, "--no-secret", *words).startswith(sentence)
    cli.ok("variable", "set", "A", "1")
    assert cli.json("credential", "list") == []


def test_p06_that_another_address_is_bound_only_together_with_the_key(connected: CommandLine) -> None:
    before = connected.json("credential", "list")

    sentence = connected.fails(3, *SET, "--no-secret", "--base-url", "https://elsewhere.example.com")

    assert sentence.startswith(f"“{CREDENTIAL}” is not bound to elsewhere.example.com.")
    assert connected.json("credential", "list") == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "The key has 0 characters; a key has between 8 and 1,200."),
        ("short\n", "The key has 5 characters; a key has between 8 and 1,200."),
        ("key-with-\u00fcmlaut\n", "Character 10 of the key is not a plain letter, digit or sign."),
        ("x" * 1_201, "The key has 1,201 characters; a key has between 8 and 1,200."),
    ],
)
def test_p17_that_what_cannot_be_a_key_is_refused_without_showing_it(
    cli: CommandLine, typed: str, sentence: str
) -> None:
    cli.type(typed)

    done = cli.do(*SET)

    assert done.code == 3
    assert done.sentence.startswith(sentence)
    assert not typed.strip() or typed.strip() not in done.out + done.err


def test_p08_that_without_a_keyring_a_key_is_refused(cli: CommandLine) -> None:
    cli.type("a-key-that-nobody-has")

    sentence = cli.fails(3, *SET)

    assert "saasdesk does not store keys in files." in sentence
    assert cli.json("credential", "list") == []


def test_p17_that_a_credential_that_is_not_there_is_named(cli: CommandLine) -> None:
    cli.ok("variable", "set", "A", "1")

    for command in ("test", "delete"):
        assert cli.fails(2, "credential", command, "nix").startswith("There is no credential “nix”.")
    assert cli.fails(2, "credential", "set", "x", "--connector", "nix").startswith("“nix” is not a connector here.")


def test_that_a_new_key_is_tried_before_it_replaces_the_old_one(
    cli: CommandLine, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_keys_in_memory(monkeypatch)
    access = simulator.access()["pagerduty"]
    cli.type(access["key"] + "\n")
    cli.ok(*SET, "--base-url", access["base_url"])

    cli.type("u+a-key-of-nobody\n")
    assert "PagerDuty refused the key" in cli.fails(3, "credential", "replace", CREDENTIAL)
    assert cli.ok("credential", "test", CREDENTIAL).startswith("The key works")

    cli.type(simulator.key(KeyKind.READ_ONLY) + "\n")
    assert "works; it opens" in cli.ok("credential", "replace", CREDENTIAL, "--expires", "2031-01-02")
    assert cli.json("credential", "list")[0]["expires"] == "2031-01-02"


def test_that_renaming_a_credential_names_the_variable_its_key_comes_from(connected: CommandLine) -> None:
    done = connected.do("credential", "rename", CREDENTIAL, "PagerDuty read")

    assert (done.code, done.out) == (0, f"“{CREDENTIAL}” is “PagerDuty read” now.\n")
    assert "set SAASDESK_CREDENTIAL_PAGERDUTY_READ now" in done.err
    assert connected.json("credential", "list")[0]["used_by"] == [NAME]


def test_that_a_key_for_an_unlisted_vendor_goes_to_its_hosts_alone(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAASDESK_CREDENTIAL_OWN", "a-key-of-somebody")
    own = ("credential", "set", "own", "--connector", "other", "--no-secret")

    with LoopbackServer(lambda _heard: http(200, b"{}")) as server:
        cli.ok(*own, "--host", server.url, "--header", "Authorization", "--scheme", "Token", "--test-address", "/me")
        assert cli.ok("credential", "test", "own") == "The key works; it opens 127.0.0.1 (status 200).\n"
        assert cli.json("credential", "list")[0]["hosts"] == [server.url]

    assert server.heard[0].headers["authorization"] == "Token a-key-of-somebody"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "--connector other needs --host: the key is sent there and nowhere else."),
        (("--host", "a.example.com", "--basic", "--bearer"), "--basic and --bearer are two ways to sign in."),
        (("--host", "a.example.com", "--scheme", "Token"), "--scheme stands before a key in a header"),
        (("--host", "a.example.com", "--header", "X Key"), "“X Key” is not a header name."),
        (
            ("--host", "a.example.com", "--test-address", "https://b.example.com/me"),
            "b.example.com is not among the allowed hosts.",
        ),
    ],
)
def test_p17_that_a_wrong_way_to_sign_in_is_named(cli: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    assert cli.fails(2, "credential", "set", "own", "--connector", "other", "--no-secret", *words).startswith(sentence)
