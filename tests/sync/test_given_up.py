"""A unique value that goes from somebody who is not listed any more to somebody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.sync.events import Status
from tests.sync.several import Several, person

BADGE = {"source": "badge", "target": "employee_id"}
ANA, BO = "ana@example.com", "bo@example.com"


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Several]:
    made = Several(tmp_path / "profile")
    yield made
    made.close()


def badges(several: Several) -> dict[str, str | None]:
    return dict(several.rows("SELECT email, employee_id FROM person"))  # type: ignore[arg-type]


def test_that_whoever_has_it_now_takes_it_over_and_the_history_tells_both(several: Several) -> None:
    several.vendor("A", BADGE, users=[person(1, ANA, badge="7"), person(3, "cy@example.com")])
    several.run("A")
    several.lists("A", person(2, BO, badge="7"), person(3, "cy@example.com"))

    preview = several.run("A", preview=True)
    result = several.run("A")

    assert result.status is Status.COMPLETED
    assert preview.counts == result.counts
    assert badges(several) == {ANA: None, BO: "7", "cy@example.com": None}
    told = several.rows(
        "SELECT before, after, reason FROM change WHERE session = ? AND field = 'employee_id'", result.session
    )
    assert told == [("7", None, "belongs to somebody else now")]


def test_that_somebody_who_is_still_listed_keeps_it(several: Several) -> None:
    several.vendor("A", BADGE, users=[person(1, ANA, badge="7")])
    several.run("A")
    several.lists("A", person(1, ANA, badge="7"), person(2, BO, badge="7"))

    result = several.run("A")

    assert result.counts["failed"] == 1
    assert badges(several) == {ANA: "7"}


def test_that_a_value_of_another_feeder_stays_where_it_is(several: Several) -> None:
    several.vendor("A", BADGE, users=[person(1, ANA, badge="7")])
    several.vendor("B", BADGE, users=[person(1, ANA), person(3, "cy@example.com")])
    several.run_all()
    several.lists("B", person(2, BO, badge="7"), person(3, "cy@example.com"))

    result = several.run("B")

    assert "belongs to another person" in result.errors[0].message
    assert badges(several)[ANA] == "7"


def test_p03_that_an_incomplete_list_takes_it_from_nobody(several: Several) -> None:
    several.vendor("A", BADGE, users=[person(1, ANA, badge="7"), person(3, "cy@example.com")])
    several.run("A")
    several.lists("A", person(2, BO, badge="7"), person(3, "cy@example.com"), person(1, ANA, badge="7"))

    result = several.run("A", limit=2)

    assert badges(several)[ANA] == "7"
    assert result.counts["failed"] == 1


def test_that_somebody_who_comes_back_without_it_is_left_alone(several: Several) -> None:
    several.vendor("A", BADGE, users=[person(1, ANA, badge="7"), person(3, "cy@example.com")])
    several.run("A")
    several.lists("A", person(2, BO, badge="7"), person(3, "cy@example.com"))
    several.run("A")
    several.lists("A", person(1, ANA), person(2, BO, badge="7"), person(3, "cy@example.com"))

    result = several.run("A")

    assert result.counts["failed"] == 0
    assert badges(several) == {ANA: None, BO: "7", "cy@example.com": None}


def test_that_it_goes_back_to_its_first_owner_who_looks_as_before(several: Several) -> None:
    before = (person(1, ANA, badge="7"), person(3, "cy@example.com"))
    several.vendor("A", BADGE, users=before)
    several.run("A")
    several.lists("A", person(2, BO, badge="7"), person(3, "cy@example.com"))
    several.run("A")
    several.lists("A", *before)

    result = several.run("A")

    assert result.counts["failed"] == 0
    assert badges(several) == {ANA: "7", BO: None, "cy@example.com": None}
