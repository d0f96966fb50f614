"""A ready-made request: what it sends, what it does to the vendor, and how to see what became of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Literal

import orjson

from saasdesk.connectors.inputs import ADMIN, Input
from saasdesk.connectors.pages import value_at


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer looks: its status and, where the vendor says it in JSON, the value that stands at a path.

    A vendor that says it in words only, not always the same, has `begins` in the place of the value: how the text there
    begins, in capitals or not. `is_empty` asks for a list there with nothing in it: one that is missing says nothing.
    """

    statuses: frozenset[int]
    path: str = ""
    value: str | int | None = None
    begins: str = ""
    is_empty: bool = False

    def fits(self, status: int, document: object) -> bool:
        """Whether an answer looks like this; `document` is its JSON, or None where it had none."""
        if status not in self.statuses:
            return False
        if not self.path:
            return True
        found = None if document is None else value_at(document, self.path)
        if self.is_empty:
            return found == []
        if self.begins:
            return isinstance(found, str) and found.casefold().startswith(self.begins.casefold())
        return document is not None and found == self.value


class Danger(Enum):
    """What a preset does to the vendor."""

    READS = "reads"
    CHANGES = "changes"
    DESTROYS = "destroys"


@dataclass(frozen=True, slots=True)
class LookUp:
    """A read before a preset's request, which finds the id that its path needs: `fills` is that placeholder's name.

    Where nothing is found there is nothing left to do, and `none_found` says so.
    """

    fills: str
    path: str
    value_path: str
    none_found: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Precheck:
    """A read before a preset's request, for what the vendor would not refuse by itself.

    `expects` are paths in its answer, the value that has to stand there, and the sentence for anything else; in the
    sentence `{found}` is what stands there instead.
    """

    path: str
    expects: tuple[tuple[str, str | bool, str], ...]


class Verified(StrEnum):
    """What reading back after a call showed."""

    GONE = "gone"
    DISABLED = "disabled"
    STILL_ACTIVE = "still active"
    # For calls after which nobody is to be gone: it is, or is not, as it was asked for.
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not confirmed"
    CANNOT_VERIFY = "cannot verify"


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How to see what became of a call: a read, and what each look of its answer shows; the first that fits counts.

    Values of looks can be placeholders. Where the call makes something new, `new_id_path` is where its answer has the
    id, which the path calls `new_id`. `may_lag`: the vendor is known to show the old state for a while.
    """

    path: str
    shows: tuple[tuple[Look, Verified], ...]
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    new_id_path: str = ""
    may_lag: bool = False

    @property
    def method(self) -> Literal["GET", "POST"]:
        """A question that has a body is asked by POST."""
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made request for workflows; `needs` are External IDs of its record, `inputs` what an admin fills in.

    A parameter whose input was left empty is not sent. Without a `read_back`, the user is read by id where the vendor
    can be asked for one.
    """

    key: str
    title: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    danger: Danger
    success: Look
    already_gone: Look | None = None
    needs: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    record_path: str = ""
    help: str = ""
    # The kind of key that may send it, and what is looked up first.
    kind: str = ADMIN
    look_up: LookUp | None = None
    # Refusals whose reason the vendor does not put into words, and those words.
    explains: tuple[tuple[Look, str], ...] = ()
    # The input that names a field of ours, and the key in each item of the answer whose values it takes.
    gathers: tuple[str, str] | None = None
    # Whether an admin wrote it, and no connector declares it.
    is_own: bool = False
    # An answer by which nothing had to be done, and what to say of it.
    no_effect: tuple[Look, str] | None = None
    precheck: Precheck | None = None
    read_back: ReadBack | None = None
    # What takes it back, by its key; and whether nothing does, whatever is done afterwards.
    inverse: str = ""
    is_irreversible: bool = False

    def templates(self) -> Iterator[str]:
        """Every text in which a placeholder can stand."""
        yield self.path
        yield from self.params.values()
        if self.look_up is not None:
            yield self.look_up.path
            yield from self.look_up.params.values()
        if self.body is not None:
            yield orjson.dumps(self.body).decode()
        if self.precheck is not None:
            yield self.precheck.path
            yield from (wanted for _path, wanted, _words in self.precheck.expects if isinstance(wanted, str))
        if self.read_back is not None:
            yield self.read_back.path
            yield from self.read_back.params.values()
            yield orjson.dumps(self.read_back.body).decode()
            for look, _shown in self.read_back.shows:
                yield from (text for text in (look.value, look.begins) if isinstance(text, str))
