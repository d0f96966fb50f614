"""JSON in which `{{ names }}` can stand: its parts for colours, and the place of the first mistake."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_NAMES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b')


class PieceKind(Enum):
    """What a part of the text is."""

    NAME = "name"
    KEY = "key"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part that has a colour of its own."""

    begin: int
    length: int
    kind: PieceKind


def pieces_of(line: str, *, is_json: bool) -> Iterator[Piece]:
    """The parts of one line; names come last, because they stand inside other parts."""
    if is_json:
        for token in _TOKENS.finditer(_without_names(line)):
            yield Piece(token.start(), len(token[0]), _kind(line, token))
    for name in _NAMES.finditer(line):
        yield Piece(name.start(), len(name[0]), PieceKind.NAME)


def problem_of_json(text: str) -> str:
    """What is wrong with a document and where, in a sentence; empty where nothing is, or nothing is there."""
    if not text.strip():
        return ""
    try:
        json.loads(_without_names(text))
    except json.JSONDecodeError as error:
        return f"Line {error.lineno}, column {error.colno}: {_in_words(error.msg)}."
    except RecursionError:
        return "This document is nested too deeply."
    return ""


def tidied(text: str) -> str:
    """The document with each value on a line of its own; as it was where names stand for more than texts."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (json.JSONDecodeError, RecursionError):
        return text


def _kind(line: str, token: "re.Match[str]") -> PieceKind:
    if not token[0].startswith('"'):
        return PieceKind.WORD if token[0][0].isalpha() else PieceKind.NUMBER
    return PieceKind.KEY if line[token.end() :].lstrip().startswith(":") else PieceKind.TEXT


def _without_names(text: str) -> str:
    """The text with something harmless of the same length in the place of each name: places stay what they are.

    Inside a text that is anything; by itself a name stands for a value, such as a number.
    """
    return _NAMES.sub(lambda name: "0" + " " * (len(name[0]) - 1), text)


def _in_words(message: str) -> str:
    words = {
        "Expecting value": "a value is missing here",
        "Expecting property name enclosed in double quotes": "a name in quotation marks is missing here",
        "Illegal trailing comma before end of object": "the comma before } is one too many",
        "Illegal trailing comma before end of array": "the comma before ] is one too many",
        "Expecting ',' delimiter": "a comma is missing here",
        "Expecting ':' delimiter": "a colon is missing here",
        "Extra data": "there is more after the end of the document",
        "Unterminated string starting at": "this text has no closing quotation mark",
        "Invalid control character at": "a line break or tab stands inside a text",
    }
    return words.get(message, message[:1].lower() + message[1:])
