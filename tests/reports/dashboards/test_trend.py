from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from saasdesk import clock
from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.past import moment_of_day, past_store
from saasdesk.reports.dashboards.trend import Trend, trend_of
from saasdesk.rules import Operator, Rule
from saasdesk.store import Connection, Store
from tests.reports.dashboards.company import remember

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SALES = Rule(field="department", operator=Operator.EQUALS, value="sales")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


def make(store: Store, number: int, made_at: str, *, department: str = "Sales", deactivated: bool = False) -> None:
    def work(db: Connection) -> None:
        db.execute_sql(
            """INSERT INTO person (id, username, department, created_at, updated_at, deactivated)
                VALUES (?, ?, ?, ?, ?, ?)""",
            (number, f"p{number}", department, made_at, made_at, int(deactivated)),
        )
        remember(db, "create", number, at=made_at)

    store.write(work)


def change(store: Store, record: int, kind: str, at: str, **options: object) -> None:
    store.write(lambda db: remember(db, kind, record, at=at, **options))  # type: ignore[arg-type]


def values(store: Store, rule: Rule | None = None, days: int = 5, active: bool | None = True) -> list[int]:
    return [point.value for point in trend(store, rule, days, active).points]


def trend(store: Store, rule: Rule | None = None, days: int = 5, active: bool | None = True) -> Trend:
    listed = RecordList(store, ObjectKind.PEOPLE)
    return trend_of(store, listed, ListQuery(rule=rule, active=active), days)


def test_that_records_count_from_the_moment_they_were_made(store: Store) -> None:
    make(store, 1, "2026-01-01T00:00:00Z")
    make(store, 2, "2026-03-07T09:00:00Z")
    make(store, 3, "2026-03-10T09:00:00Z")

    found = trend(store)

    assert [point.value for point in found.points] == [1, 1, 2, 2, 2, 3]
    assert found.change == 2


def test_that_somebody_who_was_deactivated_counts_until_then(store: Store) -> None:
    make(store, 1, "2026-01-01T00:00:00Z")
    make(store, 2, "2026-01-01T00:00:00Z", deactivated=True)
    change(store, 2, "deactivate", "2026-03-08T09:00:00Z")

    assert values(store) == [2, 2, 2, 1, 1, 1]
    assert values(store, active=False) == [0, 0, 0, 1, 1, 1]
    assert values(store, active=None) == [2, 2, 2, 2, 2, 2]


def test_that_somebody_who_came_back_counts_again(store: Store) -> None:
    make(store, 1, "2026-01-01T00:00:00Z")
    change(store, 1, "deactivate", "2026-03-07T09:00:00Z")
    change(store, 1, "reactivate", "2026-03-09T09:00:00Z")

    assert values(store) == [1, 1, 0, 0, 1, 1]


def test_that_a_filter_is_met_by_the_value_of_that_day(store: Store) -> None:
    make(store, 1, "2026-01-01T00:00:00Z", department="Finance")
    make(store, 2, "2026-01-01T00:00:00Z")
    change(store, 1, "update", "2026-03-08T09:00:00Z", field="department", values=("SALES", "Finance"))
    change(store, 1, "update", "2026-03-07T09:00:00Z", field="phone", values=("1", "2"))

    assert values(store, SALES) == [2, 2, 2, 1, 1, 1]


def test_that_the_past_begins_with_the_first_thing_that_is_remembered(store: Store) -> None:
    make(store, 1, "2026-03-08T09:00:00Z")

    assert len(trend(store, days=30).points) == 3


def test_that_on_the_first_day_there_is_no_past(store: Store) -> None:
    make(store, 1, "2026-03-10T09:00:00Z")

    assert trend(store) == Trend()


@pytest.mark.parametrize(
    "rule",
    [
        Rule(field="active_accounts", operator=Operator.EQUALS, value=0),
        Rule(field="created_at", operator=Operator.WITHIN_LAST_DAYS, value=3),
    ],
)
def test_that_a_field_whose_past_is_not_kept_is_named(store: Store, rule: Rule) -> None:
    make(store, 1, "2026-01-01T00:00:00Z")

    assert trend(store, rule) == Trend(lacks=rule.field or "")


@pytest.mark.parametrize("seed", range(3))
def test_that_each_point_is_what_a_list_of_that_moment_counts(store: Store, seed: int) -> None:
    random = Random(seed)
    made = sorted(f"2026-03-0{random.randint(1, 4)}T0{random.randint(0, 9)}:00:00Z" for _ in range(12))
    for number, at in enumerate(made, start=1):
        make(store, number, at)
    for hour in range(40):
        live(store, random.randint(1, 12), random, f"2026-03-{5 + hour // 8:02}T{hour % 8 + 10:02}:30:00Z")
    query = ListQuery(rule=SALES)

    found = trend_of(store, RecordList(store, ObjectKind.PEOPLE), query, 8).points

    assert len(found) > 5
    for point in found:
        with past_store(store, moment_of_day(store, point.at), lambda _share: None) as past:
            assert RecordList(past, ObjectKind.PEOPLE).count(query) == point.value, point.at


def live(store: Store, number: int, random: Random, at: str) -> None:
    """Something happens to a person, if they are here by then."""

    def work(db: Connection) -> None:
        row = db.execute_sql(
            "SELECT department, deactivated FROM person WHERE id = ? AND created_at < ?", (number, at)
        ).fetchone()
        if row is None:
            return
        if random.random() < 0.5:
            after = random.choice(("Sales", "sales ", "Finance", None))
            db.execute_sql("UPDATE person SET department = ? WHERE id = ?", (after, number))
            remember(db, "update", number, at=at, field="department", values=(row[0], after))
        else:
            db.execute_sql("UPDATE person SET deactivated = ? WHERE id = ?", (1 - row[1], number))
            remember(db, "reactivate" if row[1] else "deactivate", number, at=at)

    store.write(work)
