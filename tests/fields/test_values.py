import math
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saasdesk.fields import Field, FieldType, ObjectKind, fold_key, quote, text_of, to_stored
from saasdesk.fields.values import moment_of

_EARLY, _LATE = datetime.fromisoformat("0002-01-01"), datetime.fromisoformat("9998-01-01")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=10,
)


def field(kind: FieldType) -> Field:
    return Field(ObjectKind.PEOPLE, "thing", "Thing", kind)


def stored(value: object, kind: FieldType = FieldType.SHORT_TEXT) -> Any:
    return to_stored(value, field(kind))


def stored_or_refused(value: object, kind: FieldType) -> Any:
    try:
        return to_stored(value, field(kind))
    except ValueError as refusal:
        return refusal


def kept_by_sqlite(value: Any) -> Any:
    with closing(sqlite3.connect(":memory:")) as db:
        return db.execute("SELECT ?", (value,)).fetchone()[0]


@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize("value", [None, ""])
def test_that_nothing_is_stored_as_nothing(kind: FieldType, value: object) -> None:
    assert stored(value, kind) is None


@pytest.mark.parametrize(
    "kind", [FieldType.NUMBER, FieldType.DECIMAL, FieldType.DATE, FieldType.DATETIME, FieldType.FLAG]
)
def test_that_blanks_in_place_of_a_number_or_date_are_nothing(kind: FieldType) -> None:
    assert stored("  \t", kind) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        (" Ana ", " Ana "),
        (True, "true"),
        (7, "7"),
        (2.5, "2.5"),
        (10**30, "1" + "0" * 30),
        (["a", None, "", "b"], "a, b"),
        ([True, 1, ["x", "y"]], "true, 1, x, y"),
        ({"summary": "Support", "id": "P1"}, "Support"),
        ({"name": "", "id": 7}, "7"),
        ([{"name": "Ops"}, {"label": "Dev"}], "Ops, Dev"),
        ([], None),
        ({}, None),
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("tab\tstays", "tab\tstays"),
        ("😀", "😀"),
    ],
)
def test_that_text_keeps_what_the_vendor_sent(value: object, expected: str | None) -> None:
    assert stored(value) == expected


@pytest.mark.parametrize(
    ("kind", "most"),
    [(FieldType.SHORT_TEXT, 256), (FieldType.LONG_TEXT, 1024), (FieldType.LIST, 1024), (FieldType.PERSON, 256)],
)
def test_that_a_text_that_is_too_long_is_refused_and_never_cut(kind: FieldType, most: int) -> None:
    assert stored("ä" * most, kind) == "ä" * most
    with pytest.raises(ValueError, match=rf"Thing: the text has {most + 1:,} characters; {most:,} fit"):
        stored("ä" * (most + 1), kind)


@pytest.mark.parametrize("value", [{"x": 1}, [{"a": {}}], {"name": {"id": 1}}, {"name": True}])
def test_that_an_object_without_a_name_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="Thing: an object inside the value has no name"):
        stored(value)


def test_that_a_number_whose_digits_were_lost_is_not_taken_for_an_id() -> None:
    with pytest.raises(ValueError, match="more digits than can be read"):
        stored(12345678901234567890123.0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        (True, 1),
        ("42", 42),
        (" -7 ", -7),
        ("+3", 3),
        (4.0, 4),
        (2**63 - 1, 2**63 - 1),
        (str(-(2**63)), -(2**63)),
    ],
)
def test_that_a_whole_number_is_read_from_numbers_and_digits(value: object, expected: int) -> None:
    assert stored(value, FieldType.NUMBER) == expected


@pytest.mark.parametrize(
    "value", ["4.5", 4.5, "x", "1e3", "1_000", math.nan, math.inf, 2**63, "9" * 20, "9" * 21, [1], {}]
)
def test_that_what_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"^Thing: "):
        stored(value, FieldType.NUMBER)


@pytest.mark.parametrize(
    ("value", "expected"), [(1, 1.0), ("2.50", 2.5), (" 1e3 ", 1000.0), (-3.25, -3.25), (-0.0, 0.0)]
)
def test_that_a_decimal_is_read_from_numbers_and_digits(value: object, expected: float) -> None:
    assert stored(value, FieldType.DECIMAL) == expected
    assert math.copysign(1, stored(value, FieldType.DECIMAL)) == math.copysign(1, expected)


@pytest.mark.parametrize("value", ["nan", "inf", math.nan, -math.inf, "1_000", "1,5", 10**400, [1.5], {}])
def test_that_what_is_no_decimal_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"^Thing: "):
        stored(value, FieldType.DECIMAL)


@pytest.mark.parametrize("value", [True, 1, 1.0, "true", " Yes ", "ON", "1"])
def test_that_yes_is_stored_as_one(value: object) -> None:
    assert stored(value, FieldType.FLAG) == 1


@pytest.mark.parametrize("value", [False, 0, 0.0, "false", "No", "off", "0"])
def test_that_no_is_stored_as_zero(value: object) -> None:
    assert stored(value, FieldType.FLAG) == 0


@pytest.mark.parametrize("value", ["maybe", 2, 0.5, math.nan, ["true"], {"x": 1}])
def test_that_what_is_neither_yes_nor_no_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"^Thing: "):
        stored(value, FieldType.FLAG)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-01T10:20:30Z", "2024-03-01T10:20:30Z"),
        ("2024-03-01t10:20:30z", "2024-03-01T10:20:30Z"),
        ("2024-03-01T10:20:30.999999999Z", "2024-03-01T10:20:30Z"),
        ("2024-03-01T10:20:30.123+0200", "2024-03-01T08:20:30Z"),
        ("2024-03-01T10:20:30+05:45", "2024-03-01T04:35:30Z"),
        ("2024-03-01 10:20:30 -0330", "2024-03-01T13:50:30Z"),
        ("2024-03-01 10:20:30 UTC", "2024-03-01T10:20:30Z"),
        ("2024-03-01T00:30:00+14:00", "2024-02-29T10:30:00Z"),
        ("2024-03-01 10:20", "2024-03-01T10:20:00Z"),
        ("2024-03-01", "2024-03-01T00:00:00Z"),
        ("20240301", "2024-03-01T00:00:00Z"),
        (" 2024-03-01T10:20:30Z ", "2024-03-01T10:20:30Z"),
        ("Fri, 01 Mar 2024 10:20:30 GMT", "2024-03-01T10:20:30Z"),
        ("Fri, 01 Mar 2024 10:20:30 +0100", "2024-03-01T09:20:30Z"),
        (1709288430, "2024-03-01T10:20:30Z"),
        (1709288430.75, "2024-03-01T10:20:30Z"),
        (1709288430123, "2024-03-01T10:20:30Z"),
        ("1709288430", "2024-03-01T10:20:30Z"),
        ("1712121212121", "2024-04-03T05:13:32Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-86400, "1969-12-31T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        (datetime(2024, 3, 1, 10, tzinfo=timezone(timedelta(hours=2))), "2024-03-01T08:00:00Z"),
    ],
)
def test_that_a_moment_is_stored_as_iso_text_in_utc(value: object, expected: str) -> None:
    assert stored(value, FieldType.DATETIME) == expected


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "2024-13-01",
        "2024-02-30T00:00:00Z",
        "0001-01-01T00:00:00+10:00",
        True,
        10**30,
        math.nan,
        [],
        "2024-01-01 XY",
    ],
)
@pytest.mark.parametrize("kind", [FieldType.DATETIME, FieldType.DATE])
def test_that_what_is_no_date_is_refused_in_a_sentence(value: object, kind: FieldType) -> None:
    with pytest.raises(ValueError, match=r"^Thing: .*is not a date$"):
        stored(value, kind)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01T23:30:00-05:00", "2024-03-02"),
        (1709288430, "2024-03-01"),
        ("0001-01-01T00:00:00Z", "0001-01-01"),
    ],
)
def test_that_a_day_is_the_one_in_utc(value: object, expected: str) -> None:
    assert stored(value, FieldType.DATE) == expected


@given(st.datetimes(min_value=_EARLY, max_value=_LATE), st.integers(-14 * 60, 14 * 60))
def test_that_the_same_moment_is_stored_alike_whatever_its_zone(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))

    assert stored(elsewhere.isoformat(), FieldType.DATETIME) == stored(moment.isoformat(), FieldType.DATETIME)
    assert moment_of(elsewhere.isoformat()) == moment


@given(JSON, st.sampled_from(FieldType))
def test_that_any_json_is_either_stored_or_refused_with_the_name_of_the_field(value: object, kind: FieldType) -> None:
    outcome = stored_or_refused(value, kind)

    if isinstance(outcome, ValueError):
        assert str(outcome).startswith("Thing: ")
    else:
        assert kept_by_sqlite(outcome) == outcome


@given(JSON, st.sampled_from(FieldType))
def test_that_what_is_stored_is_stored_the_same_again(value: object, kind: FieldType) -> None:
    once = stored_or_refused(value, kind)
    assume(not isinstance(once, ValueError))

    assert to_stored(once, field(kind)) == once


def test_that_absurdly_many_digits_are_refused_in_our_words() -> None:
    with pytest.raises(ValueError, match="the number is too large"):
        text_of(10**5000)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana@Example.com ", "ana@example.com"), ("Größe", "GRO\u0308SSE"), ("a\u200bb", "ab"), ("\ufeffx", "X")],
)
def test_that_values_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)


@pytest.mark.parametrize("value", [None, "", "  ", "\u200b"])
def test_that_what_cannot_be_seen_has_no_key(value: str | None) -> None:
    assert fold_key(value) is None


@given(st.text())
def test_that_a_key_is_its_own_key(text: str) -> None:
    key = fold_key(text)

    assert key is None or fold_key(key) == key


def test_that_a_name_with_a_quote_stays_one_name_in_sql() -> None:
    assert quote('a"b') == '"a""b"'


def test_that_an_address_is_looked_at_when_a_hand_gives_it_and_kept_as_it_comes_from_a_vendor() -> None:
    email = Field(ObjectKind.PEOPLE, "email", "Email", builtin=True)

    assert to_stored("ana at example.com", email) == "ana at example.com"
    with pytest.raises(ValueError, match=r"^Email: “ana at example.com” is not a mail address: it has no @$"):
        to_stored("ana at example.com", email.given_by_hand())
    assert to_stored("ana@example.com", email.given_by_hand()) == "ana@example.com"
    assert to_stored("", email.given_by_hand()) is None


def test_that_a_field_of_ones_own_by_that_name_holds_what_it_likes() -> None:
    own = Field(ObjectKind.ASSETS, "email", "Email").given_by_hand()

    assert to_stored("see the label", own) == "see the label"
