"""JSON with names in braces: where its first mistake stands, and what its parts are."""

import pytest

from saasdesk.ui.canvas.inspector.json_text import PieceKind, pieces_of, problem_of_json, tidied


@pytest.mark.parametrize(
    "text",
    ["", "  \n", '{"user": "{{ email }}"}', '{"seats": {{ seats }}, "name": "a {{ b["c"] }} d"}', "[1, true, null]"],
)
def test_that_names_may_stand_where_values_do(text: str) -> None:
    assert problem_of_json(text) == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"user": "{{ email }}",\n "role": }', "Line 2, column 10: a value is missing here."),
        ('{"user": {{ email }} "role": 1}', "Line 1, column 22: a comma is missing here."),
        ('{"user": "a}', "Line 1, column 10: this text has no closing quotation mark."),
        ("[" * 100_000, "This document is nested too deeply."),
    ],
)
def test_that_a_mistake_is_told_with_its_place(text: str, place: str) -> None:
    assert problem_of_json(text) == place


def test_that_the_parts_of_a_line_have_their_kinds() -> None:
    line = '"seats": {{ seats }}, "on": true, "n": 12'

    kinds = {line[piece.begin : piece.begin + piece.length]: piece.kind for piece in pieces_of(line, is_json=True)}

    assert kinds["{{ seats }}"] is PieceKind.NAME
    assert kinds['"on"'] is PieceKind.KEY
    assert kinds["true"] is PieceKind.WORD
    assert kinds["12"] is PieceKind.NUMBER


def test_that_tidying_up_leaves_alone_what_it_cannot_read() -> None:
    assert tidied('{"a":[1]}') == '{\n  "a": [\n    1\n  ]\n}'
    assert tidied('{"a": {{ b }}}') == '{"a": {{ b }}}'
