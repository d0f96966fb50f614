"""One record as the vendor sent it: a mark that says whether it is as it was, and values as we keep them."""

import hashlib
from datetime import datetime
from typing import Any

import orjson

from saasdesk.clock import as_text, is_as_kept
from saasdesk.connectors.pages import value_at
from saasdesk.web import Answer

Raw = dict[str, Any]
"""One record as the vendor sent it, with what an enrichment added."""


def canonical_json(raw: Raw, volatile: frozenset[str]) -> bytes:
    """A raw record as JSON that is the same for the same content, volatile keys and the order of keys aside."""
    if not raw.keys().isdisjoint(volatile):
        raw = {key: value for key, value in raw.items() if key not in volatile}
    return orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)


def raw_hash(raw: Raw, volatile: frozenset[str]) -> bytes:
    """A mark of a raw record that changes exactly when the record does, volatile keys and the order of keys aside."""
    return json_hash(canonical_json(raw, volatile))


def json_hash(canonical: bytes) -> bytes:
    """The same mark, of JSON that is written already."""
    # Twice as quick as SHA-256 where the processor has no instructions of its own for that.
    return hashlib.blake2b(canonical, digest_size=32).digest()


def json_header(answer: Answer, name: str) -> object:
    """What a vendor says in JSON in a header of its answer; None where it says nothing that can be read."""
    try:
        found: object = orjson.loads(answer.headers.get(name, ""))
    except orjson.JSONDecodeError:
        return None
    return found


def utc_text(value: object) -> str | None:
    """A vendor's ISO date or time as we keep it; one without a zone is UTC, an unreadable one is unknown."""
    if not isinstance(value, str):
        return None
    if is_as_kept(value):
        return value
    try:
        moment = datetime.fromisoformat(value.strip())
        return as_text(moment) if moment.tzinfo else f"{moment.isoformat(timespec='seconds')}Z"
    except (ValueError, OverflowError):
        return None


def take_out(row: Raw, path: str) -> None:
    """Take one value out of a record, wherever in it the path leads."""
    *inside, key = path.split(".")
    place = value_at(row, ".".join(inside))
    if isinstance(place, dict):
        place.pop(key, None)
