"""Reading and exporting: conditions, keys, and vendor text that cannot do anything to a terminal."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from saasdesk.rules import WITHOUT_VALUE, Operator
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from tests.cli.conftest import NAME, CommandLine, spoil

BUILT_IN = {
    "people": {"username", "email", "role", "name", "deactivated", "deactivated_at"},
    "saas-users": {
        "saas_application", "saas_user_id", "email", "name", "role", "status", "last_activity", "person",
        "deactivated", "deactivated_at",
    },
    "licences": {
        "saas_application", "saas_user_id", "licence_id", "product", "team", "last_used", "valid_until",
        "deactivated", "deactivated_at",
    },
    "software": {"name", "vendor", "deactivated", "deactivated_at"},
}  # fmt: skip


@pytest.fixture
def loaded(connected: CommandLine) -> CommandLine:
    """A profile with thirty people and their accounts."""
    connected.sync()
    return connected


@pytest.mark.parametrize("what", BUILT_IN)
def test_that_lists_as_json_have_the_external_ids_as_keys(loaded: CommandLine, what: str) -> None:
    rows = loaded.json(what)

    assert rows
    assert all(set(row) >= BUILT_IN[what] for row in rows)
    assert {row["deactivated"] for row in rows} == {False}
    assert all(json.loads(json.dumps(row)) == row for row in rows)


@pytest.mark.parametrize("what", BUILT_IN)
def test_that_an_empty_list_is_an_empty_array(cli: CommandLine, what: str) -> None:
    cli.ok("variable", "set", "A", "1")

    assert cli.ok(what, "--json") == "[]\n"


def test_that_accounts_tell_their_vendor_id_and_their_person(loaded: CommandLine, simulator: Simulator) -> None:
    users = {row["saas_user_id"]: row for row in loaded.json("saas-users")}

    for account in simulator.truth("pagerduty"):
        row = users[account.id]
        assert (row["email"], row["name"], row["person"]) == (account.email, account.name, account.email)
        assert row["last_activity"] == account.last_activity
        assert row["saas_application"] == "PagerDuty"


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def folded(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "").casefold()


Judge = Callable[[dict[str, Any]], bool]

# What each operator means, said once more in Python, for values that are there.
MEANING: dict[Operator, tuple[tuple[str, ...], Judge]] = {
    Operator.EQUALS: (("role", "manager"), lambda row: folded(row["role"]) == "manager"),
    Operator.DOES_NOT_EQUAL: (("role", "Manager"), lambda row: row["role"] != "Manager"),
    Operator.BEGINS_WITH: (("email", "a"), lambda row: folded(row["email"]).startswith("a")),
    Operator.DOES_NOT_BEGIN_WITH: (("email", "A"), lambda row: not folded(row["email"]).startswith("a")),
    Operator.ENDS_WITH: (("name", "a"), lambda row: folded(row["name"]).endswith("a")),
    Operator.DOES_NOT_END_WITH: (("name", "a"), lambda row: not folded(row["name"]).endswith("a")),
    Operator.CONTAINS: (("email", "EXT@"), lambda row: "ext@" in folded(row["email"])),
    Operator.DOES_NOT_CONTAIN: (("email", "ext"), lambda row: "ext" not in folded(row["email"])),
    Operator.LESS_THAN: (("saas_user_id", "PM"), lambda row: row["saas_user_id"] < "PM"),
    Operator.AT_MOST: (("saas_user_id", "PM"), lambda row: row["saas_user_id"] <= "PM"),
    Operator.GREATER_THAN: (("saas_user_id", "PM"), lambda row: row["saas_user_id"] > "PM"),
    Operator.AT_LEAST: (("saas_user_id", "PM"), lambda row: row["saas_user_id"] >= "PM"),
    Operator.BETWEEN: (("saas_user_id", "PD,PM"), lambda row: "PD" <= row["saas_user_id"] <= "PM"),
    Operator.IN: (("role", "Manager,Observer"), lambda row: row["role"] in ("Manager", "Observer")),
    Operator.NOT_IN: (("role", "Manager,Observer"), lambda row: row["role"] not in ("Manager", "Observer")),
    Operator.IS_EMPTY: (("last_activity",), lambda row: row["last_activity"] is None),
    Operator.IS_NOT_EMPTY: (("last_activity",), lambda row: row["last_activity"] is not None),
    Operator.BEFORE_DAYS: (("last_activity", "30"), lambda row: (row["last_activity"] or "9") < days_ago(30)),
    Operator.WITHIN_LAST_DAYS: (("last_activity", "30"), lambda row: (row["last_activity"] or "") >= days_ago(30)),
    Operator.WITHIN_NEXT_DAYS: (("created_at", "1"), lambda row: True),
    Operator.AFTER_DAYS: (("created_at", "1"), lambda row: False),
    Operator.TODAY: (("created_at",), lambda row: True),
}


@pytest.mark.parametrize("operator", list(Operator))
@pytest.mark.parametrize("people", [120])
def test_that_each_operator_finds_those_it_means(loaded: CommandLine, operator: Operator, people: int) -> None:
    words, holds = MEANING[operator]
    everybody = loaded.json("saas-users")

    found = loaded.json("saas-users", "--where", words[0], operator.value, *words[1:])

    assert (operator in WITHOUT_VALUE) == (len(words) == 1)
    assert [row["saas_user_id"] for row in found] == [row["saas_user_id"] for row in everybody if holds(row)]


def test_that_all_conditions_must_hold(loaded: CommandLine) -> None:
    managers = loaded.json("saas-users", "--where", "role", "equals", "Manager")

    both = loaded.json("saas-users", "--where", "role", "equals", "Manager", "--where", "email", "begins_with", "a")

    assert both == [row for row in managers if row["email"].casefold().startswith("a")]


def test_that_active_leaves_out_who_is_deactivated(loaded: CommandLine, simulator: Simulator) -> None:
    gone = simulator.truth("pagerduty")[-1]
    simulator.company.leave([gone.serial])
    loaded.sync()

    assert len(loaded.json("saas-users")) == 30
    active = loaded.json("saas-users", "--active")
    assert gone.id not in {row["saas_user_id"] for row in active}
    (left,) = loaded.json("saas-users", "--where", "deactivated", "equals", "true")
    assert (left["saas_user_id"], left["deactivated"]) == (gone.id, True)
    assert left["deactivated_at"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nix", "equals", "x"), "--where: there is no field “nix”. Fields: name, email, "),
        (("role", "resembles", "x"), "“resembles” is not an operator. There are: equals, does_not_equal, "),
        (("role", "equals"), "--where role equals needs a value."),
        (("role",), "--where needs a field, an operator and a value: --where role equals Employee"),
        ((), "--where needs a field, an operator and a value: --where role equals Employee"),
        (
            ("created_at", "before_days", "soon"),
            "created_at: “is more than … days ago” needs a whole number of days, 0 to 36500.",
        ),
    ],
)
def test_p17_that_a_condition_that_cannot_be_is_named(cli: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    cli.ok("variable", "set", "A", "1")

    assert cli.fails(2, "people", "--where", *words).startswith(sentence)
    assert cli.fails(2, "export", "people", "--to", "x.csv", "--where", *words).startswith(sentence)


@pytest.mark.parametrize("what", [*BUILT_IN, "changes"])
def test_that_an_export_holds_what_the_list_holds(loaded: CommandLine, tmp_path: Path, what: str) -> None:
    said = loaded.ok("export", what, "--to", tmp_path / "list.csv")

    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert said == f"{len(rows):,} rows in {tmp_path / 'list.csv'}\n"
    assert (tmp_path / "list.csv").stat().st_mode & 0o777 == 0o600
    if what != "changes":
        listed = loaded.json(what)
        assert len(rows) == len(listed)
        assert set(rows[0]) == set(listed[0])


def test_that_every_seat_is_listed_with_its_use_and_what_it_costs(loaded: CommandLine, tmp_path: Path) -> None:
    loaded.ok("price", "set", "PagerDuty", "12.50", "EUR")

    seats = loaded.json("seats", "--where", "saas_application", "equals", "PagerDuty")
    loaded.ok("export", "seats", "--to", tmp_path / "seats.csv", "--where", "use", "equals", "active")

    licences = loaded.json("licences", "--active")
    assert len(seats) == len(licences)
    assert {seat["monthly"] for seat in seats} == {12.5}
    with (tmp_path / "seats.csv").open(encoding="utf-8-sig", newline="") as stream:
        told = list(csv.DictReader(stream))
    assert len(told) == sum(seat["use"] == "active" for seat in seats)
    assert {row["monthly"] for row in told} <= {"12.50"}
    assert "12.50" in loaded.ok("seats")


def test_that_an_export_takes_conditions(loaded: CommandLine, tmp_path: Path) -> None:
    found = loaded.json("saas-users", "--where", "role", "equals", "Manager")

    loaded.ok("export", "saas-users", "--to", tmp_path / "managers.csv", "--where", "role", "equals", "Manager")

    with (tmp_path / "managers.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["saas_user_id"] for row in csv.DictReader(stream)] == [row["saas_user_id"] for row in found]


def test_p17_that_nothing_else_can_be_exported(loaded: CommandLine) -> None:
    assert loaded.fails(2, "export", "nix", "--to", "x.csv") == (
        "“nix” cannot be exported. There are: people, saas-users, software, licences, assets, seats, changes, "
        "comparison, and the reports that `report list` names."
    )


def hidden_in(text: str) -> set[str]:
    allowed = {"\n", "\t"}
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in allowed}


@pytest.mark.parametrize(
    "command",
    [
        ("people",),
        ("people", "--json"),
        ("saas-users",),
        ("saas-users", "--json"),
        ("session", "1"),
        ("session", "1", "--json"),
        ("run", NAME, "--preview"),
        ("run", NAME, "--preview", "--json"),
    ],
    ids=" ".join,
)
def test_p10_that_vendor_text_can_do_nothing_to_a_terminal(
    connected: CommandLine, simulator: Simulator, command: tuple[str, ...]
) -> None:
    spoil(simulator, FaultKind.HOSTILE_TEXT)
    if command[0] != "run":
        connected.sync()

    done = connected.do(*command)

    assert hidden_in(done.out + done.err) == set()
    if "--json" in command:
        assert "Ana \u202egnp.exe" in json.dumps(json.loads(done.out), ensure_ascii=False)
    else:
        assert "Ana ⟨U+202E⟩gnp.exe" in done.out
        assert "⟨U+0007⟩" in done.out


def test_p10_that_vendor_text_makes_no_further_cell_or_line(connected: CommandLine, simulator: Simulator) -> None:
    spoil(simulator, FaultKind.HOSTILE_TEXT)
    connected.sync()

    lines = connected.ok("people").splitlines()

    assert len(lines) == 31
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}


@pytest.mark.parametrize(
    "words",
    [
        ("variable", "delete", "{}"),
        ("integration", "show", "{}"),
        ("people", "--where", "{}", "equals", "x"),
        ("people", "--where", "role", "{}", "x"),
        ("session", "{}"),
        ("{}",),
        ("export", "{}", "--to", "x.csv"),
    ],
    ids=" ".join,
)
def test_p10_that_no_sentence_carries_an_escape_sequence_or_a_second_line(
    cli: CommandLine, words: tuple[str, ...]
) -> None:
    cli.ok("variable", "set", "A", "1")

    done = cli.do(*(word.format("\x1b[31mred\x1b]0;title\x07\x9b2J\nnext line") for word in words))

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert hidden_in(done.err) == set()
    assert "[31mred" in done.err


def test_p10_that_an_export_is_harmless_in_a_spreadsheet(
    connected: CommandLine, simulator: Simulator, tmp_path: Path
) -> None:
    spoil(simulator, FaultKind.HOSTILE_TEXT)
    connected.sync()

    connected.ok("export", "people", "--to", tmp_path / "people.csv")

    with (tmp_path / "people.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n")]
    assert '\'=HYPERLINK("https://elsewhere.example.com","Payslip")' in cells


def test_that_a_narrow_terminal_breaks_no_number() -> None:
    from saasdesk.cli.terminal import Terminal

    out = io.StringIO()
    terminal = Terminal(out=out, err=out, read_secret=lambda _: "", is_terminal=True, width=40)

    terminal.table(
        ("Message", "Unchanged", "Deactivated"),
        [("A sentence that is much too long for it", 17936, 204)],
        right=("Unchanged", "Deactivated"),
    )

    assert {"17936", "204", "Unchanged", "Deactivated"} <= set(out.getvalue().split())


def test_that_a_table_on_a_terminal_styles_no_vendor_text() -> None:
    from saasdesk.cli.terminal import Terminal

    out = io.StringIO()
    terminal = Terminal(out=out, err=out, read_secret=lambda _: "", is_terminal=True, width=60)

    terminal.table(("Name",), [("[bold red]Bob[/] [link=https://x.example.com]x[/link]",), ("a\tb\nc\x1b[1m",)])

    assert "[bold red]Bob[/] [link=https://x.example.com]x[/link]" in out.getvalue().replace("\n", "").replace("  ", "")
    assert "a⟨U+0009⟩b⟨U+000A⟩c⟨U+001B⟩[1m" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_that_there_are_no_assets_before_an_integration_brings_some(loaded: CommandLine) -> None:
    assert loaded.json("assets") == []


def test_that_assets_are_loaded_listed_and_exported_by_their_external_ids(
    cli: CommandLine, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = simulator.access()["jumpcloud"]
    monkeypatch.setenv("SAASDESK_CREDENTIAL_JC_KEY", access["key"])
    words = ("credential", "set", "jc key", "--connector", "jumpcloud", "--no-secret")
    cli.ok(*words, "--base-url", access["base_url"])
    file = tmp_path / "devices.toml"
    file.write_text('name = "Devices"\nconnector = "jumpcloud"\nobject = "assets"\ncredential = "jc key"\n')
    cli.ok("integration", "apply", file)
    cli.ok("integration", "launch", "Devices")

    (result,) = cli.json("run", "Devices")
    cli.ok("export", "assets", "--to", tmp_path / "assets.csv")

    devices = {device.id: device for device in simulator.devices()}
    listed = {row["jump_cloud_system_id"]: row for row in cli.json("assets", "--active")}
    assert result["assets"]["created"] == result["created"] == len(devices)
    assert {made: row["serial_number"] or "" for made, row in listed.items()} == {
        made: device.serial_number for made, device in devices.items()
    }
    assert {made: row["owner_id"] for made, row in listed.items()} == {made: d.owner for made, d in devices.items()}
    with (tmp_path / "assets.csv").open(encoding="utf-8-sig", newline="") as stream:
        exported = {row["jump_cloud_system_id"]: row["name"] for row in csv.DictReader(stream)}
    assert exported == {made: row["name"] for made, row in listed.items()}
    again = cli.ok("integration", "export", "Devices")
    file.write_text(again)
    cli.ok("integration", "apply", file)
    assert cli.ok("integration", "export", "Devices") == again


def test_that_lists_and_exports_can_be_asked_as_of_a_run(
    loaded: CommandLine, simulator: Simulator, tmp_path: Path
) -> None:
    before = {row["saas_user_id"]: row for row in loaded.json("saas-users")}
    simulator.churn(0.3)
    loaded.sync()

    assert {row["saas_user_id"]: row for row in loaded.json("saas-users")} != before
    assert {row["saas_user_id"]: row for row in loaded.json("saas-users", "--as-of", "#1")} == before
    loaded.ok("export", "saas-users", "--to", str(tmp_path / "then.csv"), "--as-of", "#1")
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "then.csv").read_text("utf-8-sig"))))) == len(before)
    assert "as of run #1" in (tmp_path / "then.csv.manifest.json").read_text()


def test_that_a_moment_that_cannot_be_is_refused(loaded: CommandLine, tmp_path: Path) -> None:
    assert "is no moment" in loaded.fails(2, "people", "--as-of", "yesterday")
    assert "leave --as-of out" in loaded.fails(
        2, "export", "changes", "--to", str(tmp_path / "all.csv"), "--as-of", "#1"
    )


def test_that_a_comparison_tells_what_differs_between_two_runs(
    loaded: CommandLine, simulator: Simulator, tmp_path: Path
) -> None:
    truth = simulator.churn(0.3)["pagerduty"]
    loaded.sync()

    loaded.ok("export", "comparison", "--since", "#1", "--until", "#2", "--to", str(tmp_path / "diff.csv"))

    rows = list(csv.DictReader(io.StringIO((tmp_path / "diff.csv").read_text("utf-8-sig"))))
    accounts = [row["change"] for row in rows if row["object"] == "saas_users"]
    assert accounts.count("create") == len(truth.created)
    assert accounts.count("deactivate") == len(truth.gone)
    assert "run #1" in (tmp_path / "diff.csv.manifest.json").read_text()
    assert "needs --since" in loaded.fails(2, "export", "comparison", "--to", str(tmp_path / "none.csv"))
