"""Two moments side by side."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saasdesk.fields import ObjectKind
from saasdesk.records.past import compare, moment_of_run, past_store, stream_differences
from saasdesk.store import Store
from tests.records.past.test_past import users
from tests.sync.several import Several

NAME = {"source": "name", "target": "name"}
ANA: dict[str, Any] = {"id": "P1", "email": "ana@example.com", "name": "Ana", "role": "user"}
LI: dict[str, Any] = {"id": "P2", "email": "li@example.com", "name": "Li", "role": "user"}


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    known = Several(tmp_path / "profile")
    yield known
    known.store.close()


def told(several: Several, since: int, until: int | None = None) -> list[tuple[object, ...]]:
    """Object, label, change, field, before, after."""
    moments = [moment_of_run(several.store, str(run)) if run is not None else None for run in (since, until)]
    assert moments[0] is not None
    found = compare(several.store, moments[0], moments[1], most=1_000)
    assert found.total == len(found.differences)
    assert len(list(stream_differences(several.store, moments[0], moments[1]))) == found.total
    return [(each.object, each.label, *each[5:9]) for each in found.differences]


def test_that_new_gone_and_changed_are_told_and_nothing_that_changed_back(several: Several) -> None:
    several.vendor("One", NAME, users=[ANA, LI], deactivate_people=True, deactivate_limit_percent=100)
    first = several.run("One").session
    several.lists("One", {**ANA, "name": "Ana B.", "role": "admin"})
    second = several.run("One").session
    several.lists("One", {**ANA, "role": "admin"}, {**LI, "id": "P3", "email": "ola@example.com", "name": "Ola"})
    several.run("One")

    assert told(several, first, second) == [
        ("people", "Ana", "update", "Name", "Ana", "Ana B."),
        ("people", "Li", "deactivate", "", None, None),
        ("saas_users", "Ana", "update", "Name", "Ana", "Ana B."),
        ("saas_users", "Ana", "update", "SaaS Role", "user", "admin"),
        ("saas_users", "Li", "deactivate", "", None, None),
    ]
    assert told(several, first) == [
        ("people", "Li", "deactivate", "", None, None),
        ("people", "Ola", "create", "", None, None),
        ("saas_users", "Ana", "update", "SaaS Role", "user", "admin"),
        ("saas_users", "Li", "deactivate", "", None, None),
        ("saas_users", "Ola", "create", "", None, None),
    ]
    assert told(several, second, second) == []


def records(store: Store) -> dict[tuple[str, int], dict[str, Any]]:
    """Every record by its kind and number."""
    found = {}
    with store.reading() as db:
        for kind in ObjectKind:
            cursor = db.execute_sql(f"SELECT * FROM {kind.table}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                values = dict(zip(names, row, strict=True))
                found[kind.value, values["id"]] = values
    return found


def test_that_the_differences_of_two_moments_are_those_of_the_records_then(several: Several) -> None:
    dice = random.Random(7)
    several.vendor("One", NAME, users=users(dice), deactivate_limit_percent=100, deactivate_people=True)
    runs = []
    for _ in range(12):
        several.lists("One", *users(dice))
        runs.append(several.run("One").session)

    for since, until in ((runs[0], runs[-1]), (runs[2], runs[7]), (runs[5], runs[6])):
        first, second = (moment_of_run(several.store, str(run)) for run in (since, until))
        with (
            past_store(several.store, first, lambda _: None) as one,
            past_store(several.store, second, lambda _: None) as two,
        ):
            before, after = records(one), records(two)
        found = compare(several.store, first, second, 10_000).differences
        assert {(each.object, each.record) for each in found if each.change == "create"} == after.keys() - before.keys()
        shared = before.keys() & after.keys()
        assert {(each.object, each.record) for each in found if each.change in ("deactivate", "reactivate")} == {
            key for key in shared if before[key]["deactivated"] != after[key]["deactivated"]
        }
        names = {(each.object, each.record): each.after for each in found if each.field == "Name"}
        assert names == {
            key: after[key]["name"]
            for key in shared
            if "name" in before[key] and before[key]["name"] != after[key]["name"]
        }
