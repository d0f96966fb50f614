"""What values look like, whatever their field is called: e-mail addresses, names, identifiers, dates."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How one value looks; the most telling reading of it."""

    EMAIL = "email"
    URL = "url"
    DATE = "date"
    DATETIME = "datetime"
    FLAG = "flag"
    NUMBER = "number"
    PHONE = "phone"
    TIME_ZONE = "time_zone"
    IDENTIFIER = "identifier"
    FULL_NAME = "full_name"
    WORD = "word"
    COURTESY = "courtesy"
    TEXT = "text"
    LIST = "list"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class ShapeCount:
    """How the filled values of a field look."""

    filled: int
    distinct: int
    shapes: Counter[Shape]

    def share(self, *wanted: Shape) -> float:
        """Which part of the filled values has one of these shapes."""
        return sum(self.shapes[shape] for shape in wanted) / self.filled if self.filled else 0.0


_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_PHONE = re.compile(r"(?:\+|00)[\d ()/.-]{6,24}|\(?0\d[\d ()/.-]{5,24}", re.ASCII)
_TIME_ZONE = re.compile(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_+-]+(?:/[A-Z][A-Za-z_]+)?|UTC|GMT")
# No spaces, and digits among letters, or one long run of either: nobody says it, programs do.
_IDENTIFIER = re.compile(r"(?=\S{5,128}$)(?=.*\d)[\w:.|{}-]+|[0-9a-fA-F]{16,}|[A-Z0-9]{6,}", re.ASCII)
_FLAGS = frozenset({"true", "false", "yes", "no"})
_COURTESIES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau", "mme", "mlle", "sr", "sra", "sir"]
)
_MOST_WORDS_IN_A_NAME = 5


def shape_of(value: object) -> Shape | None:
    """How a value looks; None where there is none."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, bool):
        return Shape.FLAG
    if isinstance(value, int | float):
        return Shape.NUMBER
    if isinstance(value, list):
        return Shape.LIST
    if isinstance(value, dict):
        return Shape.OBJECT
    text = str(value).strip()
    return _shape_of_text(text) if text else None


def _shape_of_text(text: str) -> Shape:
    for pattern, shape in (
        (_EMAIL, Shape.EMAIL),
        (_URL, Shape.URL),
        (_DATE, Shape.DATE),
        (_DATETIME, Shape.DATETIME),
        (_PHONE, Shape.PHONE),
        (_NUMBER, Shape.NUMBER),
        (_TIME_ZONE, Shape.TIME_ZONE),
        (_IDENTIFIER, Shape.IDENTIFIER),
    ):
        if pattern.fullmatch(text):
            return shape
    if text.lower() in _FLAGS:
        return Shape.FLAG
    if text.rstrip(".").lower() in _COURTESIES:
        return Shape.COURTESY
    words = text.split()
    if not all(_is_name_word(word) for word in words):
        return Shape.TEXT
    if len(words) == 1:
        # Where names have no spaces, four characters and fewer hold a whole one.
        return Shape.FULL_NAME if not text.isascii() and _has_no_case(text) else Shape.WORD
    return Shape.FULL_NAME if len(words) <= _MOST_WORDS_IN_A_NAME else Shape.TEXT


def _is_name_word(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("\u2019", "").rstrip(".")
    return letters.isalpha() and (letters[0].isupper() or _has_no_case(letters) or len(letters) <= 3)


def _has_no_case(text: str) -> bool:
    return text.upper() == text.lower()


def count_shapes(values: Iterable[object]) -> ShapeCount:
    """How the filled ones among these values look, and how many differ."""
    shapes: Counter[Shape] = Counter()
    seen: set[str] = set()
    for value in values:
        shape = shape_of(value)
        if shape is not None:
            shapes[shape] += 1
            seen.add(str(value).strip().casefold())
    return ShapeCount(shapes.total(), len(seen), shapes)
