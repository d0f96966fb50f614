from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from saasdesk.fields import FieldType
from saasdesk.records.listing import Account, AccountState, Column, Special, Value
from saasdesk.ui.tables.cells import CellTexts, status_of
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.tables.times import local_time, relative_time

NOW = datetime(2026, 3, 15, 12, 0).astimezone()


def column(kind: FieldType | Special) -> Column:
    return Column("x", "X", kind)


def stored(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=165), "Today 09:15"),
        (timedelta(hours=-2), "Today 14:00"),
        (timedelta(hours=13), "Yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=61), "2 months ago"),
        (timedelta(days=729), "24 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-3), "18 Mar 2026"),
    ],
)
def test_that_a_moment_is_said_as_people_say_it(ago: timedelta, words: str) -> None:
    assert relative_time(NOW - ago, NOW) == words


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01"])
def test_that_a_text_that_is_no_moment_is_none(text: str) -> None:
    assert local_time(text) is None


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Special.AGE, None, "Unknown"),
        (Special.AGE, "nonsense", "nonsense"),
        (Special.AGE, stored(NOW - timedelta(days=3)), "3 days ago"),
        (FieldType.DATETIME, stored(NOW), "15 Mar 2026 12:00"),
        (FieldType.DATE, "2026-03-01", "1 Mar 2026"),
        (FieldType.DATE, "someday", "someday"),
        (FieldType.FLAG, 1, "Yes"),
        (FieldType.FLAG, 0, "No"),
        (FieldType.FLAG, None, ""),
        (FieldType.SHORT_TEXT, None, ""),
        (FieldType.SHORT_TEXT, "a\nb\x00", "a⟨U+000A⟩b⟨U+0000⟩"),
        (FieldType.NUMBER, "12345678901234567890", "12345678901234567890"),
        (FieldType.DECIMAL, 148.0, "148.00"),
        (FieldType.DECIMAL, 0.125, "0.125"),
        (Special.MONEY, 22, "22.00"),
        (Special.STATUS, "SUSPENDED", "Suspended"),
        (Special.STATUS, "invited_by_mail", "Invited by mail"),
        (Special.ACCOUNTS, (), "No accounts"),
        (
            Special.ACCOUNTS,
            (Account("Atlassian", AccountState.ACTIVE), Account("JetBrains", AccountState.SUSPENDED)),
            "Atlassian active, JetBrains suspended",
        ),
    ],
)
def test_that_a_value_is_shown_by_its_column(kind: FieldType | Special, value: Value, words: str) -> None:
    QLocale.setDefault(QLocale.c())

    assert CellTexts().shown(column(kind), value, NOW) == words


def test_that_the_exact_time_is_told_where_the_cell_is_vague() -> None:
    exact = CellTexts().exact(column(Special.AGE), stored(NOW - timedelta(days=3)))

    assert exact.startswith("12 Mar 2026 12:00 ")


@pytest.mark.parametrize(
    ("kind", "value", "copied"),
    [
        (FieldType.NUMBER, 1234567, "1234567"),
        (FieldType.DECIMAL, 0.1, "0.1"),
        (Special.MONEY, 1164.2, "1164.20"),
        (Special.AGE, stored(NOW), "2026-03-15 12:00:00"),
        (FieldType.SHORT_TEXT, "two\tcolumns\r\ntwo lines", "two columns two lines"),
        (FieldType.FLAG, 1, "Yes"),
        (FieldType.DATE, "2026-03-01", "2026-03-01"),
        (Special.AGE, None, ""),
    ],
)
def test_that_a_copied_value_is_exact_and_stays_in_its_cell(
    kind: FieldType | Special, value: Value, copied: str
) -> None:
    assert CellTexts().copied(column(kind), value) == copied


@pytest.mark.parametrize(
    ("value", "icon"),
    [("active", "ok"), ("ACTIVATED", "ok"), ("Suspended", "warning"), ("staged", "info"), ("?", "info")],
)
def test_that_every_status_has_an_icon_and_a_word(value: str, icon: str) -> None:
    assert status_of(value).icon == icon
    assert status_of(value).word


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Atlassian", "At"),
        ("JetBrains", "JB"),
        ("JumpCloud", "JC"),
        ("PagerDuty", "PD"),
        ("Google Workspace", "GW"),
        ("slack", "Sl"),
        ("钉钉", "钉"),
        ("1Password", "1P"),
        ("", "?"),
        ("???", "?"),
    ],
)
def test_that_an_application_has_a_mark_of_two_letters(name: str, mark: str) -> None:
    assert mark_of(name) == mark
