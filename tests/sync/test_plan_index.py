"""A plan is read line by line, narrowed by words, and never as a whole."""

import threading

import pytest

from saasdesk.sync.plan_index import Word, find_lines, stream_lines, sums_of
from tests.sync.conftest import Office

TEXTS = ("record", "reason", "before", "after")


@pytest.fixture
def plan(office: Office) -> int:
    office.integrate()
    number = office.run(preview=True).plan
    assert number is not None
    return number


def found(office: Office, plan: int, *words: Word, all_values: bool = True) -> list[tuple[int, str]]:
    index = find_lines(office.store, plan, "", words, threading.Event(), all_values=all_values)
    return [line for group, _ in index.groups() for line in index.all_of(group)]


def test_that_every_line_has_a_place_and_its_numbers_add_up(office: Office, plan: int) -> None:
    lines = list(stream_lines(office.store, plan, threading.Event()))

    assert found(office, plan) == [(line.seq, line.field) for line in lines]
    assert sums_of(office.store, plan).changes == len({line.seq for line in lines})


def test_that_new_records_have_one_line_each_unless_all_values_are_wanted(office: Office, plan: int) -> None:
    assert len(found(office, plan, all_values=False)) == sums_of(office.store, plan).changes


@pytest.mark.parametrize("text", ["%", "_", "~", "'"])
def test_that_signs_with_a_meaning_of_their_own_are_plain_here(office: Office, plan: int, text: str) -> None:
    lines = list(stream_lines(office.store, plan, threading.Event()))
    expected = {(n.seq, n.field) for n in lines if any(text in str(v) for v in (n.label, n.reason, n.after))}

    assert set(found(office, plan, Word(text, TEXTS))) == expected


def test_that_capitals_and_accents_make_no_difference_to_words(office: Office, plan: int) -> None:
    office.store.write(lambda db: db.execute_sql("UPDATE plan_record SET label = 'Łukasz ŻAK' WHERE seq = 1"))

    assert {seq for seq, _ in found(office, plan, Word("żak", TEXTS))} == {1}
    assert {seq for seq, _ in found(office, plan, Word("UKASZ".casefold(), ("record",)))} >= {1}


def test_that_a_line_is_found_by_what_its_field_is_called(office: Office, plan: int) -> None:
    word = Word("job", (), fields=frozenset({("people", "job_title")}))

    assert {field for _, field in found(office, plan, word)} == {"job_title"}
    assert found(office, plan, Word("nothing", ())) == []
