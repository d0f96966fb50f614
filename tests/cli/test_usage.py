"""Names, help, profiles and wrong usage."""

import json
from pathlib import Path

import pytest

from saasdesk import __version__, app
from tests.cli.conftest import CommandLine
from tests.credentials.keyrings import MemoryKeyring

# Every command that scripts may call, by its words.
COMMANDS = (
    "demo", "vendors serve", "connectors",
    "credential set", "credential list", "credential test", "credential delete",
    "variable set", "variable list", "variable delete",
    "setting list", "setting set",
    "integration apply", "integration list", "integration show", "integration export", "integration launch",
    "integration pause", "integration mute", "integration unmute", "integration delete",
    "run", "plan list", "plan show", "plan approve", "plan reject",
    "sessions", "session",
    "people", "saas-users", "software", "licences", "export",
    "audit verify", "doctor", "backup", "restore",
)  # fmt: skip

OPTIONS = {
    "demo": ("--people", "--headless"),
    "vendors serve": (
        "--port", "--people", "--seed", "--latency-ms", "--rate-limit", "--error-rate", "--churn",
    ),
    "connectors": ("--json",),
    "credential set": (
        "--connector", "--kind", "--permission", "--input", "--base-url", "--expires", "--no-secret",
    ),
    "credential delete": ("--force",),
    "run": ("--all", "--due", "--preview", "--limit", "--json"),
    "plan approve": ("--count",),
    "sessions": ("--json",),
    "session": ("--json", "--record", "--note"),
    "people": ("--where", "--active", "--json"),
    "saas-users": ("--where", "--active", "--json"),
    "export": ("--to",),
    "doctor": ("--json",),
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_that_every_command_explains_itself_and_its_options(cli: CommandLine, command: str) -> None:
    done = cli.do(*command.split(), "--help")

    assert (done.code, done.err) == (0, "")
    assert f"saasdesk {command}" in done.out
    assert [option for option in OPTIONS.get(command, ()) if option not in done.out] == []


def test_that_help_names_every_command(cli: CommandLine) -> None:
    text = cli.ok("--help")

    assert [command for command in COMMANDS if command.split()[0] not in text] == []
    assert "--profile DIR" in text
    assert "--debug" in text


def test_that_the_version_is_told(cli: CommandLine) -> None:
    assert cli.ok("--version") == f"saasdesk {__version__}\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nonsense",), "No such command 'nonsense'. See: saasdesk --help"),
        (("credential",), "Missing command. See: saasdesk credential --help"),
        (("credential", "nonsense"), "No such command 'nonsense'. See: saasdesk credential --help"),
        (("credential", "set"), "Missing argument 'name'. See: saasdesk credential set --help"),
        (("credential", "set", "x"), "Missing option '--connector'. See: saasdesk credential set --help"),
        (("people", "--colour"), "No such option: --colour. See: saasdesk people --help"),
        (("export", "people"), "Missing option '--to'. See: saasdesk export --help"),
        (("demo", "--people", "0"), "Invalid value for '--people'"),
        (("vendors", "serve", "--error-rate", "2"), "Invalid value for '--error-rate'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_p17_that_wrong_usage_is_one_line_and_exit_2(cli: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    done = cli.do(*words)

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(sentence)


def test_p17_that_a_misspelt_option_is_not_taken_for_an_argument(cli: CommandLine) -> None:
    assert "No such option" in cli.fails(2, "run", "--previw", "--all")


# Where the profile is


def test_that_the_profile_may_be_named_before_and_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, words in enumerate(
        (
            ["--profile", "{}", "variable", "set", "A", "1"],
            ["variable", "set", "A", "1", "--profile", "{}"],
            ["variable", "--profile={}", "set", "A", "1"],
        )
    ):
        folder = tmp_path / str(number)
        assert app.main([word.format(folder) for word in words]) == 0
        assert (folder / "saasdesk.db").exists()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "saasdesk.db").stat().st_mode & 0o777 == 0o600
    capsys.readouterr()


def test_that_the_profile_may_be_named_by_the_environment_and_the_option_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAASDESK_PROFILE", str(tmp_path / "environment"))

    assert app.main(["variable", "set", "A", "environment"]) == 0
    assert app.main(["variable", "set", "A", "option", "--profile", str(tmp_path / "option")]) == 0
    capsys.readouterr()
    assert app.main(["variable", "list", "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == [{"key": "A", "value": "environment"}]


@pytest.mark.parametrize("words", [["--profile"], ["people", "--profile"], ["--profile=", "people"]], ids=" ".join)
def test_p17_that_an_option_without_its_folder_is_wrong_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(words) == 2
    assert capsys.readouterr().err == "--profile needs the folder of the profile.\n"


def test_p17_that_reading_makes_no_profile(cli: CommandLine) -> None:
    assert cli.fails(2, "people") == (
        f"There is no saasdesk profile in {cli.profile}. Check --profile and SAASDESK_PROFILE."
    )
    assert not cli.profile.exists()


def test_p17_that_a_first_command_that_only_reads_says_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SAASDESK_PROFILE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("saasdesk.profile.usual_folder", lambda *, demo=False: tmp_path / "saasdesk")

    assert app.main(["sessions"]) == 2

    assert "saasdesk credential set" in capsys.readouterr().err
    assert not (tmp_path / "saasdesk").exists()


def test_p17_that_a_file_is_no_profile(cli: CommandLine) -> None:
    cli.profile.write_text("not a folder", encoding="utf-8")

    assert cli.fails(2, "variable", "set", "A", "1").startswith(f"{cli.profile} is a file. A profile is a folder;")


# Variables, settings, connectors


def test_that_variables_are_set_listed_and_deleted(cli: CommandLine) -> None:
    cli.ok("variable", "set", "Region", "EU")
    cli.ok("variable", "set", "Region", "US")

    assert cli.json("variable", "list") == [{"key": "Region", "value": "US"}]
    assert cli.ok("variable", "list") == "Key\tValue\nRegion\tUS\n"
    cli.ok("variable", "delete", "Region")
    assert cli.json("variable", "list") == []
    assert "Region" in cli.fails(2, "variable", "delete", "Region")


def test_that_a_setting_without_a_value_goes_back_to_its_default(cli: CommandLine) -> None:
    cli.ok("variable", "set", "A", "1")
    before = cli.json("setting", "list")

    for key, value in (("zoom", "120"), ("proxy", "http://proxy.example.com:3128"), ("protected_records", "a, b")):
        cli.ok("setting", "set", key, value)
        assert cli.json("setting", "list") != before
        cli.ok("setting", "set", key)
        assert cli.json("setting", "list") == before
    assert {"extra_ca", "proxy", "protected_records", "destructive_calls_per_run", "smtp_host"} <= set(before)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nix", "1"), "There is no setting “nix”. There are: extra_ca, proxy, "),
        (("nix",), "There is no setting “nix”. There are: extra_ca, proxy, "),
        (("zoom", "large"), "The setting zoom cannot be 'large': "),
        (("extra_ca", "nowhere.pem"), "The setting extra_ca cannot be "),
    ],
)
def test_p17_that_a_setting_that_cannot_be_is_named(cli: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    assert cli.fails(2, "setting", "set", *words).startswith(sentence)


def test_that_connectors_tell_what_they_need_and_offer(cli: CommandLine) -> None:
    (pagerduty,) = [each for each in cli.json("connectors") if each["connector"] == "pagerduty"]

    assert (pagerduty["vendor"], pagerduty["objects"]) == ("PagerDuty", ["users"])
    assert [declared["key"] for declared in pagerduty["inputs"]] == ["base_url"]
    assert {"id", "email", "name", "role"} <= {field["id"] for field in pagerduty["fields"]}
    assert "PagerDuty Delete User" in {preset["name"] for preset in pagerduty["presets"]}
    assert "PagerDuty" in cli.ok("connectors")
    assert not cli.profile.exists()


def test_p07_that_a_secret_variable_comes_from_a_pipe_and_is_shown_to_nobody(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = MemoryKeyring()
    monkeypatch.setattr("saasdesk.credentials.keyrings._find_backend", lambda: keyring)
    cli.ok("variable", "set", "A", "1")
    cli.type("a-value-of-nobody\n")

    cli.ok("variable", "set", "Token", "--secret")

    assert list(keyring.secrets.values()) == ["a-value-of-nobody"]
    assert cli.json("variable", "list") == [
        {"key": "A", "value": "1"},
        {"key": "Token", "value": "••••", "secret": True},
    ]
    assert "Token\t••••" in cli.ok("variable", "list")
    cli.ok("variable", "delete", "Token")
    assert keyring.secrets == {}


def test_p07_that_a_secret_value_is_refused_on_the_command_line(cli: CommandLine) -> None:
    sentence = cli.fails(2, "variable", "set", "Token", "a-value-of-nobody", "--secret")

    assert sentence.startswith("A secret value never stands on the command line")
    assert "a-value-of-nobody" not in sentence
    assert cli.fails(2, "variable", "set", "Token").startswith("Give Token a value")
