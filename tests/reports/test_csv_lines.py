import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.errors import UserError
from saasdesk.fields import FieldType
from saasdesk.records.listing import Column, Value
from saasdesk.reports.csv_lines import DELIMITERS, CsvSheet, CsvStyle, guarded, preview_lines, unguard
from tests.reports.formulas import FORMULAS, any_text, formula_like

NAME = Column("name", "Name", FieldType.SHORT_TEXT)
SEATS = Column("seats", "Seats", FieldType.NUMBER)
SHARE = Column("share", "Share", FieldType.DECIMAL)

# What lines of CSV are made of themselves, in any order.
line_like = st.text(st.sampled_from(",;\t|\"\r\n'=a"), max_size=8)
texts = st.none() | any_text | formula_like | line_like
lines = st.lists(st.tuples(texts, st.none() | st.integers(), st.none() | st.floats()), max_size=12)


@given(any_text | formula_like)
def test_that_a_guarded_text_comes_back_exactly(text: str) -> None:
    assert unguard(guarded(text)) == text


@given(any_text | formula_like)
def test_p10_that_no_guarded_text_begins_like_a_formula(text: str) -> None:
    assert guarded(text)[:1] not in FORMULAS


@given(lines, st.sampled_from(DELIMITERS), st.booleans())
def test_that_the_lines_are_those_of_pythons_own_writer(
    rows: list[tuple[Value, ...]], delimiter: str, guard: bool
) -> None:
    said = [(guarded(text) if guard and isinstance(text, str) else text, *numbers) for text, *numbers in rows]
    expected = io.StringIO(newline="")
    writer = csv.writer(expected, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([("Name", "Seats", "Share"), *said])

    sheet = CsvSheet([NAME, SEATS, SHARE], CsvStyle(guard=guard, delimiter=delimiter))

    assert sheet.headings() + sheet.lines(rows) == expected.getvalue()


def test_that_a_later_line_of_a_text_needs_no_guard() -> None:
    sheet = CsvSheet([NAME], CsvStyle())

    assert sheet.lines([("Ann\n=1",), ("=1",)]) == '"Ann\n=1"\r\n"\'=1"\r\n'


def test_that_a_number_among_texts_is_not_guarded() -> None:
    sheet = CsvSheet([NAME], CsvStyle())

    assert sheet.lines([(-5,), ("-5",)]) == '"-5"\r\n"\'-5"\r\n'


def test_that_an_odd_delimiter_is_refused() -> None:
    with pytest.raises(UserError, match="cannot separate"):
        CsvStyle(delimiter="x")


def test_that_the_preview_shows_the_first_lines_of_the_file() -> None:
    rows = [("=1", 1), ("Bob\nLee", 2), ("Cleo", 3), ("Dan", 4), ("Eva", 5)]

    lines = preview_lines([NAME, SEATS], rows, CsvStyle())

    assert lines == ['"Name","Seats"', '"\'=1","1"', '"Bob\nLee","2"', '"Cleo","3"', '"Dan","4"']
