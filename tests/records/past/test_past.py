"""The records of the past: as of any run they equal what a copy kept after that run holds."""

import itertools
import random
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError

from saasdesk import clock
from saasdesk.app.demo import demo_services, launched
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import ObjectKind
from saasdesk.licences.seats import read_yardstick
from saasdesk.profile import open_profile
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, RecordEdit
from saasdesk.records.history import person_facts
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.past import Moment, moment_of_run, moment_of_text, past_store
from saasdesk.records.past import rows as sql
from saasdesk.reports.report.document import ReportDocument, ReportObject
from saasdesk.reports.report.lines import ReportLines
from saasdesk.rules import Operator, Rule
from saasdesk.store import Connection, PastStore, Store
from saasdesk.sync.run import RunOptions, run_integration
from tests.sync.several import Several

ROUNDS = 50
STATES = ("active", "active", "active", "inactive")

Copy = dict[str, list[dict[str, Any]]]


def copy_of(store: Store) -> Copy:
    """Every record table, row by row."""
    with store.reading(snapshot=True) as db:
        return {kind.value: _rows(db.connection(), kind.table) for kind in ObjectKind}


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def differences(found: Copy, kept: Copy) -> list[str]:
    """What is not the same, value by value."""
    differing = []
    for kind, rows in kept.items():
        before, after = {row["id"]: row for row in rows}, {row["id"]: row for row in found[kind]}
        differing += [f"{kind} {number} is there in one only" for number in before.keys() ^ after.keys()]
        differing += [
            f"{kind} {number} {name}: {after[number][name]!r}, not {value!r}"
            for number in before.keys() & after.keys()
            for name, value in before[number].items()
            if after[number][name] != value
        ]
    return differing


def names_out_of_order(store: Store) -> int:
    """How many names do not stand where readers look for them."""
    with store.reading() as db:
        out_of_order = "SELECT count(*) FROM {} WHERE name__order IS NOT sort_key(name)"
        return sum(db.execute_sql(out_of_order.format(table)).fetchone()[0] for table in ("person", "saas_user"))


def look_back(store: Store, moment: Moment) -> PastStore:
    return past_store(store, moment, lambda _share: None)


class Clock:
    """A clock that goes on by a minute a look."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    known = Several(tmp_path / "profile")
    yield known
    known.store.close()


def users(dice: random.Random) -> list[dict[str, Any]]:
    """A listing such as another day might have."""
    return [
        {
            "id": f"P{number}",
            "email": f"user{number}@example.com",
            "name": f"User {number}{dice.choice(('', '', ' B.'))}",
            "role": dice.choice(("admin", "user")),
            "state": dice.choice(STATES),
            "seen": dice.choice((None, "2026-01-05T00:00:00Z", "2026-02-05T00:00:00Z")),
            "licences": dice.choice(((), ("Full",), ("Full", "Extra"))),
        }
        for number in range(9)
        if dice.random() < 0.8
    ]


def test_p16_that_the_past_of_any_of_a_hundred_runs_equals_the_copy_kept_after_it(several: Several) -> None:
    dice = random.Random(20261121)
    name_line = {"source": "name", "target": "name"}
    for vendor in ("One", "Two"):
        several.vendor(vendor, name_line, users=users(dice), deactivate_limit_percent=100, deactivate_people=True)
    kept: list[tuple[int, Copy]] = []
    for _ in range(ROUNDS):
        for vendor in ("One", "Two"):
            several.lists(vendor, *users(dice))
            result = several.run(vendor)
            kept.append((result.session, copy_of(several.store)))

    for session, copy in dice.sample(kept, 12) + kept[:2] + kept[-2:]:
        with look_back(several.store, moment_of_run(several.store, str(session))) as past:
            assert differences(copy_of(past), copy) == [], f"run {session}"
    assert names_out_of_order(several.store) == 0


def test_that_the_past_of_four_vendors_comes_back_with_its_licences_and_assets(tmp_path: Path) -> None:
    with demo_services(tmp_path / "profile", 40) as (services, simulator):
        store, kept = services.store, []
        for _ in range(3):
            for integration in launched(services):
                result = run_integration(
                    store, services.vault, integration, RunOptions(), lambda _news: None, threading.Event()
                )
                kept.append((result.session, copy_of(store)))
            simulator.churn(0.3)

        for session, copy in kept:
            with look_back(store, moment_of_run(store, str(session))) as past:
                assert differences(copy_of(past), copy) == [], f"run {session}"


def lose_everybody(db: Connection) -> None:
    """Leave the accounts, and nobody they belong to."""
    for statement in (
        "UPDATE saas_user SET person = NULL",
        "UPDATE source_link SET person = NULL, raw_hash = NULL",
        "DELETE FROM person",
        "DELETE FROM change WHERE object = 'people'",
    ):
        db.execute_sql(statement)


def test_that_an_account_whose_person_came_later_had_none_before(several: Several) -> None:
    several.vendor("One", users=[{"id": "P1", "email": "user1@example.com"}])
    first = several.run("One").session
    several.store.write(lose_everybody)

    several.run("One")

    with several.store.reading() as db:
        assert db.execute_sql("SELECT person IS NOT NULL FROM saas_user").fetchall() == [(1,)]
    with look_back(several.store, moment_of_run(several.store, str(first))) as past:
        assert [(row["saas_user_id"], row["person"]) for row in copy_of(past)["saas_users"]] == [("P1", None)]


def test_that_lists_and_records_read_the_past_as_the_present(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", Clock())
    name_line = {"source": "name", "target": "name"}
    ana, li = (
        {"id": "P1", "email": "ana@example.com", "name": "Ana"},
        {"id": "P2", "email": "li@example.com", "name": "Li"},
    )
    several.vendor("One", name_line, users=[ana, li], deactivate_people=True, deactivate_limit_percent=100)
    first = several.run("One").session
    several.lists("One", {**ana, "name": "Ana B."})
    several.run("One")

    with look_back(several.store, moment_of_run(several.store, str(first))) as past:
        people = RecordList(past, ObjectKind.PEOPLE)
        everybody = ListQuery(active=None)
        found = list(people.iterate(everybody, ["username", "name", "record_state"]))
        assert found == [("ana@example.com", "Ana", "active"), ("li@example.com", "Li", "active")]
        assert people.count(ListQuery(active=False)) == 0
        facts = person_facts(past, people.ids(everybody)[0])
        assert facts is not None
        assert facts.name == "Ana"
        assert {change.kind for change in facts.changes} == {"create"}
    assert RecordList(several.store, ObjectKind.PEOPLE).count(ListQuery(active=False)) == 1


def test_that_the_past_cannot_be_changed_and_leaves_no_file(several: Several) -> None:
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com"}])
    session = several.run("One").session
    folder = several.store.profile.folder

    with look_back(several.store, moment_of_run(several.store, str(session))) as past:
        assert [file.stat().st_mode & 0o777 for file in folder.glob("past-*")] == [0o600, 0o600]
        with pytest.raises(UserError, match="cannot be changed"):
            past.write(lambda db: db.execute_sql("DELETE FROM person"))
        with pytest.raises(UserError, match="cannot be changed"):
            past.save_setting("theme", "dark")
        with past.reading() as db, pytest.raises(OperationalError, match="readonly"):
            db.execute_sql("DELETE FROM main.person")
    assert not list(folder.glob("past-*"))


def test_that_a_look_back_can_be_stopped_and_leaves_no_file(several: Several) -> None:
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com"}])
    moment = moment_of_run(several.store, str(several.run("One").session))
    stop = threading.Event()
    stop.set()

    with pytest.raises(Cancelled):
        past_store(several.store, moment, lambda _share: None, stop)

    assert not list(several.store.profile.folder.glob("past-*"))


def test_that_a_look_back_begins_again_where_something_was_written_while_it_began(
    several: Several, monkeypatch: pytest.MonkeyPatch
) -> None:
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com"}])
    moment = moment_of_run(several.store, str(several.run("One").session))
    seen = itertools.chain(iter((1, 2)), itertools.repeat(2))
    asked = []

    def newest_change(db: Connection) -> int:
        asked.append(db)
        return next(seen)

    monkeypatch.setattr(sql, "newest_change", newest_change)
    shares: list[float] = []

    with past_store(several.store, moment, shares.append) as past:
        assert differences(copy_of(past), copy_of(several.store)) == []

    assert len(asked) == 4
    assert max(shares) == pytest.approx(1)
    assert not list(several.store.profile.folder.glob("past-*"))


def test_that_what_a_crash_left_of_the_past_goes_at_the_next_start(tmp_path: Path) -> None:
    profile = open_profile(tmp_path / "profile")
    Store.open(profile).close()
    profile.past(1).write_bytes(b"left")

    Store.open(profile).close()

    assert not profile.past(1).exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", "is no moment"),
        ("2999-01-01", "is in the future"),
        ("1999-12-31", "The history begins at"),
        ("#77", "no sync session 77"),
        ("#x", "no sync session x"),
    ],
)
def test_that_a_moment_that_cannot_be_says_why(several: Several, text: str, sentence: str) -> None:
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com"}])
    several.run("One")

    with pytest.raises(UserError, match=sentence):
        moment_of_text(several.store, text)


def test_that_without_any_history_there_is_no_past(several: Several) -> None:
    with pytest.raises(UserError, match="Nothing has ever changed here"):
        moment_of_text(several.store, "2026-01-01")


def test_that_a_day_means_its_end_and_a_time_itself(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", Clock())
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com"}])
    several.run("One")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 5, tzinfo=UTC))

    day, minute = moment_of_text(several.store, "2026-03-02"), moment_of_text(several.store, "2026-03-02 08:30")

    assert clock.from_text(day.at).astimezone().strftime("%Y-%m-%d %H:%M:%S") == "2026-03-02 23:59:59"
    assert clock.from_text(minute.at).astimezone().strftime("%Y-%m-%d %H:%M") == "2026-03-02 08:30"
    assert day.position == minute.position > 0


def test_that_what_was_archived_and_taken_out_again_is_so_in_the_past(several: Several) -> None:
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com"}], restore_archived=True)
    moments = [several.run("One").session]
    cause, at = Cause("by hand", "admin"), clock.now_text()
    archive = RecordEdit(ChangeKind.ARCHIVE, 1, "Ana", "left")
    several.store.write(lambda db: apply_edits(db, ObjectKind.PEOPLE, [archive], cause, at))
    archived = copy_of(several.store)
    with several.store.reading() as db:
        (position,) = db.execute_sql("SELECT max(id) FROM change").fetchone()
    several.lists("One", {"id": "P1", "email": "ana@example.com", "role": "admin"})
    several.run("One")

    with several.store.reading() as db:
        assert db.execute_sql("SELECT archived FROM person").fetchone() == (0,)
    with look_back(several.store, Moment(at, position, "then")) as past:
        assert copy_of(past)["people"] == archived["people"]
    with look_back(several.store, moment_of_run(several.store, str(moments[0]))) as past:
        assert [row["archived"] for row in copy_of(past)["people"]] == [0]


def test_that_days_are_counted_from_the_moment_that_is_shown(several: Several, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 1, 8, tzinfo=UTC))
    several.vendor("One", users=[{"id": "P1", "email": "ana@example.com", "seen": "2026-02-20T08:00:00Z"}])
    session = several.run("One").session
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 9, 1, 8, tzinfo=UTC))
    lately = Rule(field="last_activity", operator=Operator.WITHIN_LAST_DAYS, value=30)
    report = ReportDocument(name="Lately", object=ReportObject.SAAS_USERS, filter=lately)

    with look_back(several.store, moment_of_run(several.store, str(session))) as past:
        counts = [
            (
                RecordList(store, ObjectKind.SAAS_USERS).count(ListQuery(rule=lately)),
                ReportLines(store, report).altogether().lines,
            )
            for store in (past, several.store)
        ]
        assert read_yardstick(past).today == "2026-03-01"
    assert counts == [(1, 1), (0, 0)]
