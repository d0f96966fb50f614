"""Integration files: what is wrong is named by its key, and a file lands whole or not at all."""

import tomllib
from pathlib import Path

import pytest

from saasdesk.definitions import LARGEST_FILE
from saasdesk.simulator.control import Simulator
from tests.cli.conftest import CREDENTIAL, NAME, CommandLine

HEAD = f'name = "{NAME}"\nconnector = "pagerduty"\ncredential = "{CREDENTIAL}"\n'
MAPPING = """
[[map]]
source = "email"
target = "email"
sync_key = 1
[[map]]
source = "email"
target = "username"
[[map]]
value = "Employee"
target = "role"
"""


def mapped(line: str) -> str:
    return f"{HEAD}{MAPPING}[[map]]\n{line}\n"


WRONG = {
    "an unknown key": (HEAD + 'colour = "red"\n', "colour is not a known key."),
    "an unknown key in a mapping": (mapped('source = "name"\ntarget = "name"\ncolour = 1'), "map[4].colour is not a"),
    "a wrong type": (HEAD + 'deactivate = "perhaps"\n', "deactivate: Input should be a valid boolean"),
    "yes as a text": (HEAD + 'deactivate = "yes"\n', "deactivate: Input should be a valid boolean"),
    "a number as a text": (
        HEAD + 'deactivate_limit_count = "5"\n',
        "deactivate_limit_count: Input should be a valid integer",
    ),
    "a number that is text": (HEAD + 'deactivate_limit_percent = "many"\n', "deactivate_limit_percent: Input should"),
    "a number out of range": (HEAD + "deactivate_limit_percent = 101\n", "deactivate_limit_percent: Input should be"),
    "a word that is no choice": (
        HEAD + 'preference = "sometimes"\n',
        "preference: Input should be 'create_and_update'",
    ),
    "no name": ('connector = "pagerduty"\n', "name is missing."),
    "a hidden character in the name": (HEAD.replace(NAME, r"Pager\u202eDuty"), "name: a name begins and ends with"),
    "no connector": ('name = "x"\n', "connector is missing."),
    "an unknown connector": ('name = "x"\nconnector = "nix"\n', "connector: “nix” is not a connector here. Known: "),
    "an unknown input": (HEAD + '[inputs]\ncolour = "red"\n', "inputs.colour is not an input of PagerDuty. Known:"),
    "an address without encryption": (
        HEAD + '[inputs]\nbase_url = "http://api.example.com"\n',
        "inputs.base_url: api.example.com is reached over plain HTTP",
    ),
    "a sync key that is not unique": (
        mapped('source = "name"\ntarget = "name"\nsync_key = 2'),
        "map[4].sync_key: “Name” is not Unique, so it cannot decide whose record this is.",
    ),
    "a list of a field that looks nothing up": (
        HEAD + '[[field]]\nlabel = "Site"\ncustom_object = "sites"\n',
        "field[1].custom_object: only a field of the type custom_object has a list.",
    ),
    "a unique location": (
        HEAD + '[[field]]\nlabel = "Site"\ntype = "location"\nunique = true\n',
        "field[1].unique: what is looked up on a list is shared by many, so it cannot be Unique.",
    ),
    "an unknown target": (mapped('source = "name"\ntarget = "nix"'), "map[4].target: there is no field “nix” among"),
    "a broken path": (mapped('source = "first last"\ntarget = "name"'), "map[4].source: “first last”: a dot is mi"),
    "a source and a value": (mapped('source = "name"\nvalue = "x"\ntarget = "name"'), "map[4]: a line has either a"),
    "a mapping from nothing": (mapped('target = "name"'), "map[4]: a line has either a source or a value."),
    "unbalanced braces": (
        mapped('source = "{{ response.name }"\ntarget = "name"'),
        "map[4].source: Column 18: a single } does not close the {{ of column 1.",
    ),
    "braces that close nothing": (mapped('source = "name }}"\ntarget = "name"'), "map[4].source: Column 6: }} closes"),
    "an unknown filter": (
        mapped('source = "{{ response.a | foo }}"\ntarget = "name"'),
        "map[4].source: Column 17: “foo” is not a filter.",
    ),
    "a call": (mapped('source = "{{ range(9) }}"\ntarget = "name"'), "A call may not stand in a template."),
    "an unknown step": (
        mapped('source = "name"\ntarget = "name"\ntransform = ["explode"]'),
        "map[4].transform: “explode” is not a step. There are: ",
    ),
    "an unknown operator": (
        HEAD + '[[filter]]\nfield = "role"\noperator = "resembles"\nvalue = "x"\n',
        "filter[1].operator: Input should be 'equals'",
    ),
    "a condition without its value": (
        HEAD + '[[filter]]\nfield = "role"\noperator = "equals"\n',
        "filter[1]: “is”",
    ),
    "an unknown rhythm": (HEAD + '[schedule]\nevery = "fortnight"\n', "schedule.every: write “15 minutes”"),
    "no time of day": (HEAD + '[schedule]\nevery = "day"\nat = "25:00"\n', "schedule.at: a time is written as HH:MM"),
    "no zone": (HEAD + '[schedule]\nevery = "day"\ntimezone = "Mars/Base"\n', "schedule.timezone: “Mars/Base” is not"),
    "an unknown type of field": (HEAD + '[[field]]\nlabel = "A"\ntype = "blob"\n', "field[1].type: Input should be"),
    "unreadable TOML": (HEAD + "deactivate = \n", "is not readable TOML: Invalid value (at line 4, column 14)."),
    "more than 10 MB": (HEAD + "#" + "x" * LARGEST_FILE, "is larger than 10 MB; an integration file is a few"),
}


@pytest.mark.parametrize("case", WRONG)
def test_p17_that_a_wrong_file_is_refused_by_the_name_of_its_key(cli: CommandLine, case: str) -> None:
    text, sentence = WRONG[case]

    done = cli.do("integration", "apply", cli.file(text))

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert sentence in done.err


def test_p17_that_a_file_that_is_not_there_or_no_text_is_named(cli: CommandLine) -> None:
    latin = cli.file("")
    latin.write_bytes(b'name = "Andr\xe9"')

    assert cli.fails(2, "integration", "apply", "nowhere.toml").endswith("cannot be read: No such file or directory.")
    assert cli.fails(2, "integration", "apply", cli.profile.parent).endswith("cannot be read: Is a directory.")
    assert cli.fails(2, "integration", "apply", latin) == f"{latin} is not UTF-8 text."


@pytest.mark.parametrize(
    "line",
    [
        'source = "name"\ntarget = "name"\nsync_key = 2',
        'source = "name"\ntarget = "nowhere"',
        'value = "many"\ntarget = "new_number"',
        'source = "{{ response.name | explode }}"\ntarget = "name"',
    ],
)
def test_that_a_file_lands_whole_or_not_at_all(cli: CommandLine, line: str) -> None:
    cli.ok("integration", "apply", cli.file(HEAD + MAPPING))
    before = cli.json("integration", "show", NAME), cli.json("people"), cli.json("audit", "verify")
    fields = '[[field]]\nlabel = "New number"\ntype = "number"\nunique = true\n'

    cli.fails(2, "integration", "apply", cli.file(f"{HEAD}deactivate = true\n{fields}{MAPPING}[[map]]\n{line}\n"))

    assert (cli.json("integration", "show", NAME), cli.json("people"), cli.json("audit", "verify")) == before
    assert "no field “new_number”" in cli.fails(2, "people", "--where", "new_number", "equals", "1")


def test_p06_that_a_file_cannot_send_a_key_elsewhere(cli: CommandLine) -> None:
    cli.ok("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--no-secret")

    sentence = cli.fails(
        3, "integration", "apply", cli.file(HEAD + '[inputs]\nbase_url = "https://elsewhere.example.com"\n')
    )

    assert sentence.startswith(f"“{CREDENTIAL}” is not bound to elsewhere.example.com.")
    assert cli.json("integration", "list") == []
    cli.ok("integration", "apply", cli.file(HEAD + '[inputs]\nbase_url = "https://api.eu.pagerduty.com"\n'))


def test_that_a_draft_says_what_is_still_to_do_and_cannot_be_launched_before(cli: CommandLine) -> None:
    said = cli.ok("integration", "apply", cli.file(HEAD + MAPPING.replace("sync_key = 1", "")))

    todo = [line.partition("still to do: ")[2] for line in said.splitlines()[1:]]
    assert todo[0] == f"The credential “{CREDENTIAL}” does not exist. Add it, or choose another."
    assert todo[1].startswith("Choose a sync key")
    assert cli.json("integration", "show", NAME)["missing"] == todo
    for command in (("integration", "launch", NAME), ("run", NAME)):
        assert all(sentence in cli.fails(2, *command) for sentence in todo)


FULL = (
    HEAD
    + """
saas_application = "Pager 🏴\\U000e0067\\U000e0062 \\u202eDuty"
preference = "create_only"
deactivate = true
deactivate_limit_percent = 35
contacts = ["it@example.com"]

[inputs]
base_url = "https://api.eu.pagerduty.com"

[schedule]
every = "day"
at = "02:30"
timezone = "Europe/Dublin"

[[field]]
label = "Shoe size"
type = "number"
"""
    + MAPPING
    + """
[[map]]
source = "{{ response.name }}"
target = "name"
transform = ["trim"]
policy = "only_if_empty"

[[filter]]
any = [
    { field = "role", operator = "does_not_equal", value = "read_only_user" },
    { field = "name", operator = "in", value = ["Ana", "Bo"] },
]
"""
)


def test_that_what_is_exported_can_be_applied_again_and_is_the_same(cli: CommandLine) -> None:
    cli.ok("integration", "apply", cli.file(FULL))
    exported = cli.ok("integration", "export", NAME)

    cli.ok("integration", "apply", cli.file(exported, "again.toml"))

    assert cli.ok("integration", "export", NAME) == exported
    written, applied = tomllib.loads(exported), tomllib.loads(FULL)
    for key in ("saas_application", "preference", "deactivate_limit_percent", "contacts", "inputs"):
        assert written[key] == applied[key]
    assert written["schedule"].items() >= applied["schedule"].items()
    assert written["filter"][0]["any"] == applied["filter"][0]["any"]
    assert "\u202e" not in exported


def test_that_a_byte_order_mark_is_no_part_of_a_file(cli: CommandLine) -> None:
    path = cli.file("")
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + MAPPING).encode())

    cli.ok("integration", "apply", path)

    assert [row["name"] for row in cli.json("integration", "list")] == [NAME]


def test_that_an_integration_goes_from_draft_to_active_to_paused_and_away(
    connected: CommandLine, simulator: Simulator
) -> None:
    connected.sync()

    def row() -> dict[str, object]:
        (found,) = connected.json("integration", "list")
        assert isinstance(found, dict)
        return found

    assert set(row()) == {"name", "connector", "state", "last_run", "last_status", "next_run"}
    assert (row()["state"], row()["last_status"]) == ("active", "completed")
    assert row()["next_run"]
    connected.ok("integration", "pause", NAME)
    assert (row()["state"], row()["next_run"]) == ("paused", None)
    connected.ok("integration", "launch", NAME)
    connected.ok("integration", "delete", NAME)
    assert connected.json("integration", "list") == []
    assert len(connected.json("people", "--active")) == len(simulator.truth("pagerduty"))


@pytest.mark.parametrize("command", ["show", "export", "launch", "pause", "delete"])
def test_p17_that_an_unknown_name_is_answered_with_those_there_are(cli: CommandLine, command: str) -> None:
    cli.ok("integration", "apply", cli.file(HEAD))

    assert cli.fails(2, "integration", command, "Nix") == f"There is no integration “Nix”. Here are: “{NAME}”."


def test_that_names_are_found_however_they_are_capitalised(cli: CommandLine) -> None:
    cli.ok("integration", "apply", cli.file(HEAD))

    assert tomllib.loads(cli.ok("integration", "export", NAME.lower()))["name"] == NAME


def test_that_a_file_is_looked_for_where_the_command_was_typed(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.file(HEAD, "here.toml")
    monkeypatch.chdir(tmp_path)

    cli.ok("integration", "apply", "here.toml")


def test_that_an_integration_is_muted_for_a_while_or_for_good_and_told_of_again(cli: CommandLine) -> None:
    cli.ok("integration", "apply", cli.file(HEAD))

    assert "is muted for good" in cli.ok("integration", "mute", NAME)
    assert "muted for good: nobody is told of its failures" in cli.ok("integration", "show", NAME)
    assert "is muted until 2999-01-01 00:00" in cli.ok("integration", "mute", NAME, "--until", "2999-01-01")
    assert "is muted until 20" in cli.ok("integration", "mute", NAME, "--hours", "8")
    assert "is told of again" in cli.ok("integration", "unmute", NAME)
    shown = cli.json("integration", "show", NAME)
    assert isinstance(shown, dict)
    assert shown["muted"] is None
    assert "is no moment" in cli.fails(2, "integration", "mute", NAME, "--until", "soon")
    assert "not both" in cli.fails(2, "integration", "mute", NAME, "--until", "2999-01-01", "--hours", "1")
    assert "over already" in cli.fails(2, "integration", "mute", NAME, "--until", "2001-01-01")
