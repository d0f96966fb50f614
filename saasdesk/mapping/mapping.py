"""Which vendor field fills which of ours, and what an integration still lacks before it can be launched."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, StrictBool, StrictInt, field_validator, model_validator
from pydantic import Field as Key

from saasdesk.connectors import CONNECTOR_SYNC_TIME, FieldSource, VendorField
from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, Stored, canonical_id, converter_of, longest_plain, to_stored
from saasdesk.mapping.paths import Getter, compile_steps, parse_path, path_in_template
from saasdesk.mapping.templates import Template, compile_template, is_template
from saasdesk.mapping.transforms import Step, compile_step

CONNECT = "connect:"
MANDATORY_TARGETS = {ObjectKind.PEOPLE: ("username", "email", "role"), ObjectKind.ASSETS: ("name",)}


class Policy(StrEnum):
    """When a mapped value may replace one that is there."""

    ALWAYS = "always"
    ONLY_IF_EMPTY = "only_if_empty"
    ONLY_IF_SOURCE_FILLED = "only_if_source_filled"
    OVER_MANUAL = "over_manual"


class MappingProblem(ValueError):
    """One record's value that does not fit its field; the record is left as it was."""


class MapRow(BaseModel):
    """One line of a mapping: a source field, path, template or constant, and the field it fills."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str | None = None
    value: str | int | float | bool | None = None
    object: Literal[ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS] = ObjectKind.PEOPLE
    target: str = Key(min_length=1, max_length=80)
    sync_key: StrictInt | None = Key(default=None, ge=1, le=20)
    update_key: StrictBool = False
    transform: tuple[str, ...] = Key(default=(), max_length=20)
    policy: Policy = Policy.ALWAYS

    # `Any`, because inside this class `object` is the field of that name.
    @field_validator("object", mode="before")
    @classmethod
    def _object_by_name(cls, value: Any) -> Any:
        return ObjectKind(value) if value in {"people", "saas_users", "assets"} else value

    @field_validator("value", mode="before")
    @classmethod
    def _dates_as_text(cls, value: Any) -> Any:
        # TOML has dates of its own.
        return value.isoformat() if isinstance(value, date) else value

    @field_validator("value")
    @classmethod
    def _finite(cls, value: Any) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("this is not a number")
        return value

    @field_validator("source")
    @classmethod
    def _readable_source(cls, text: str | None) -> str | None:
        if text is not None:
            text = text.strip()
            check_source(text)
        return text

    @field_validator("target")
    @classmethod
    def _as_it_is_spelt_now(cls, name: str) -> str:
        return canonical_id(name)

    @field_validator("transform")
    @classmethod
    def _known_steps(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        for step in steps:
            compile_step(step)
        return steps

    @model_validator(mode="after")
    def _source_or_value(self) -> Self:
        if (self.source is None) == (self.value is None):
            raise ValueError("a line has either a source or a value")
        if self.sync_key is None:
            return self
        if self.source is None:
            raise ValueError("a constant cannot be a sync key: it is the same for everybody")
        if self.source == CONNECTOR_SYNC_TIME or self.source.startswith(CONNECT):
            raise ValueError("what every record of a run shares cannot be a sync key")
        if self.object is ObjectKind.SAAS_USERS:
            raise ValueError("a sync key is a field of people or of assets")
        return self


def check_source(text: str) -> None:
    """Raise a ValueError when this is neither a field's name, a path nor a template."""
    if text.startswith(CONNECT):
        return
    path = path_in_template(text)
    if path is None and is_template(text):
        compile_template(text)
    else:
        parse_path(path or text)


@dataclass(frozen=True, slots=True)
class Target:
    """One field that a mapping fills."""

    object: ObjectKind
    field: Field
    sync_key: int | None
    update_key: bool
    policy: str


Values = Callable[[dict[str, Any], Mapping[str, str]], list[Stored]]


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """A mapping ready to run. `values` gives one stored value a target, in the order of `targets`.

    `uses_sync_time` and `tells_source` hold positions of targets that show the time of the run, or where a record came
    from: they stay outside differences. `features` names per position what the key must be able to read. `names_users`
    reads, per position, the vendor's id of the user whose name belongs in the place of the value.
    `may_be_masked` holds positions whose value the vendor may have masked with asterisks; `reads` names per position
    the top-level keys of a record from which the value comes.
    """

    targets: tuple[Target, ...]
    values: Values
    signature: str
    uses_sync_time: frozenset[int]
    tells_source: frozenset[int]
    features: Mapping[int, str]
    names_users: Mapping[int, Getter]
    reads: Mapping[int, frozenset[str]]
    may_be_masked: frozenset[int] = frozenset()


def compile_mapping(
    rows: Sequence[MapRow],
    vendor_fields: Sequence[VendorField],
    target_fields: Mapping[ObjectKind, Sequence[Field]],
    variables: Mapping[str, str] | None = None,
) -> CompiledMapping:
    """Compile a mapping once for a run; raises a UserError that names the line with a problem."""
    targets = _targets(rows, target_fields)
    vendor = _Vendor(vendor_fields, variables or {})
    lines = [
        _line(number, row, target.field, vendor)
        for number, (row, target) in enumerate(zip(rows, targets, strict=True), start=1)
    ]
    return CompiledMapping(
        targets=targets,
        values=_generate(lines),
        signature=_signature(rows, targets, lines),
        uses_sync_time=frozenset(i for i, row in enumerate(rows) if row.source == CONNECTOR_SYNC_TIME),
        tells_source=frozenset(i for i, row in enumerate(rows) if (row.source or "").startswith(CONNECT)),
        features={i: line.feature for i, line in enumerate(lines) if line.feature},
        names_users={i: line.get_user for i, line in enumerate(lines) if line.get_user is not None},
        may_be_masked=frozenset(i for i, line in enumerate(lines) if vendor.may_mask(line)),
        reads={i: line.reads for i, line in enumerate(lines)},
    )


@dataclass(frozen=True, slots=True)
class Source:
    """What a line reads before its steps, from the vendor's records and from what the run knows.

    `path` is there where that is just what a record has at a path.
    """

    of: "_Getter"
    path: tuple[str | int, ...] | None = None


def compile_source(
    row: MapRow, vendor_fields: Sequence[VendorField], variables: Mapping[str, str] | None = None
) -> Source:
    """The source of a line; a UserError says why there is none."""
    anything = Field(row.object, row.target, row.target, FieldType.LONG_TEXT)
    line = _line(1, row.model_copy(update={"transform": ()}), anything, _Vendor(vendor_fields, variables or {}))
    return Source(line.get, line.path)


def _targets(rows: Sequence[MapRow], target_fields: Mapping[ObjectKind, Sequence[Field]]) -> tuple[Target, ...]:
    fields = {(kind, field.external_id): field for kind, each in target_fields.items() for field in each}
    filled: dict[tuple[ObjectKind, str], int] = {}
    targets: list[Target] = []
    for number, row in enumerate(rows, start=1):
        key = (row.object, row.target)
        if key not in fields:
            raise UserError(f"map[{number}].target: there is no field “{row.target}” among {row.object.value}.")
        if key in filled:
            raise UserError(f"map[{number}].target: map[{filled[key]}] fills “{row.target}” already.")
        filled[key] = number
        targets.append(Target(row.object, fields[key], row.sync_key, row.update_key, row.policy.value))
    return tuple(targets)


# ----- one line

_Getter = Callable[[dict[str, Any], Mapping[str, str]], Any]


@dataclass(frozen=True, slots=True)
class _Line:
    """How one target gets its value: a constant, a plain key of the record, or a function.

    `meaning` holds what decides the value, in JSON; `feature` what the key must be able to read. `get_user` reads the
    vendor's id of the user whose name is wanted in the place of the value.
    """

    field: Field
    meaning: list[Any]
    get: _Getter
    key: str | None = None
    constant: Stored = None
    feature: str = ""
    get_user: Getter | None = None
    reads: frozenset[str] = frozenset()
    # The path of the vendor's value, where the line gives just that.
    path: tuple[str | int, ...] | None = None

    @property
    def default(self) -> Stored:
        """What stands in for a missing value, as the column keeps it."""
        return to_stored(self.field.default, self.field)


class _Vendor:
    """What a line may speak of: the vendor's fields, and the global variables."""

    def __init__(self, fields: Sequence[VendorField], variables: Mapping[str, str]) -> None:
        self.fields = {field.id: field for field in fields}
        self.variables = variables
        self._masked = [parse_path(field.path) for field in fields if field.may_be_masked]
        self._features = {parse_path(field.path)[0]: field.feature for field in fields if field.feature and field.path}

    def may_mask(self, line: _Line) -> bool:
        """Whether the vendor may have put asterisks in the place of letters."""
        return line.meaning[:1] == ["path"] and line.meaning[1] in self._masked

    def feature(self, names: Iterable[str | int]) -> str:
        """The feature that the key needs for one of these top-level keys of a record."""
        return next((self._features[name] for name in names if name in self._features), "")


def _line(number: int, row: MapRow, field: Field, vendor: _Vendor) -> _Line:
    steps = [compile_step(step) for step in row.transform]
    source = row.source
    if source is None:
        return _constant_line(number, row, field, steps)
    if source == CONNECTOR_SYNC_TIME:
        return _Line(field, [], lambda _record, _context: None, constant=None)
    if source.startswith(CONNECT):
        if source not in vendor.fields:
            known = ", ".join(sorted(name for name in vendor.fields if name.startswith(CONNECT)))
            raise UserError(f"map[{number}].source: there is no “{source}”. There are: {known}.")
        return _Line(field, ["connect", source], _with_steps(lambda _record, context: context.get(source), steps))
    path = path_in_template(source)
    if path is None and is_template(source):
        return _template_line(compile_template(source), field, steps, vendor)
    known_field = vendor.fields.get(source)
    if known_field is not None and known_field.names_user and _can_hold_name(row, field):
        if steps:
            raise UserError(f"map[{number}].transform: {known_field.label} is another user; leave the steps out.")
        return _user_line(parse_path(known_field.path), field, vendor)
    return _path_line(known_field.path if known_field else path or source, path, field, steps, vendor)


def _constant_line(number: int, row: MapRow, field: Field, steps: Sequence[Step]) -> _Line:
    value: Any = row.value
    try:
        for step in steps:
            value = step(value)
        stored = to_stored(value, field)
    except ValueError as problem:
        raise UserError(f"map[{number}].value: {problem}.") from None
    return _Line(field, ["value", stored], lambda _record, _context: stored, constant=stored)


def _template_line(template: Template, field: Field, steps: Sequence[Step], vendor: _Vendor) -> _Line:
    variables = {name: text for name, text in vendor.variables.items() if name in template.names}
    render = template.render
    return _Line(
        field,
        ["template", template.source, sorted(variables.items())],
        _with_steps(lambda record, context: render(record, {**variables, **context}), steps),
        feature=vendor.feature(template.names),
        reads=frozenset(template.names),
    )


def _path_line(path: str, in_template: str | None, field: Field, steps: Sequence[Step], vendor: _Vendor) -> _Line:
    parsed = parse_path(path)
    feature = vendor.feature(parsed[:1])
    reads = frozenset(name for name in parsed[:1] if isinstance(name, str))
    if in_template is not None and parsed == (in_template,) and in_template in vendor.variables:
        # A bare name in braces may be a global variable, if the record has nothing of that name.
        name, text = in_template, vendor.variables[in_template]
        getter = _with_steps(lambda record, _context: record.get(name, text), steps)
        return _Line(field, ["path", parsed, text], getter, feature=feature, reads=reads)
    get = compile_steps(parsed)
    key = parsed[0] if len(parsed) == 1 and isinstance(parsed[0], str) and not steps else None
    getter = _with_steps(lambda record, _context: get(record), steps)
    plain = None if steps else parsed
    return _Line(field, ["path", parsed], getter, key, feature=feature, reads=reads, path=plain)


def _can_hold_name(row: MapRow, field: Field) -> bool:
    """Whether a field can hold the name of another user: not where ids are asked for, as by a sync key."""
    holds_names = field.type.is_text and not field.type.is_looked_up
    return row.object is ObjectKind.PEOPLE and holds_names and not field.unique and row.sync_key is None


def _user_line(parsed: tuple[str | int, ...], field: Field, vendor: _Vendor) -> _Line:
    get = compile_steps(parsed)
    return _Line(
        field,
        ["user", parsed],
        lambda record, _context: get(record),
        feature=vendor.feature(parsed[:1]),
        get_user=get,
    )


def _with_steps(get: _Getter, steps: Sequence[Step]) -> _Getter:
    if not steps:
        return get

    def changed(record: dict[str, Any], context: Mapping[str, str]) -> Any:
        value = get(record, context)
        for step in steps:
            value = step(value)
        return value

    return changed


# ----- all lines

# Raise it when the same lines would now give other values: every record is then mapped anew, once.
_MEANING = 1


def _generate(lines: Sequence[_Line]) -> Values:
    """One function that reads all values of a record.

    Its source text is made of nothing but our own names and numbers; keys, getters and converters are handed in.
    """
    names: dict[str, Any] = {"__builtins__": {}, "len": len, "str": str}
    expressions = [_expression(position, line, names) for position, line in enumerate(lines)]
    quick: Values = eval(f"lambda record, context: [{', '.join(expressions)}]", names)  # noqa: S307 - the text is ours, see above

    def values(record: dict[str, Any], context: Mapping[str, str]) -> list[Stored]:
        try:
            return quick(record, context)
        except ValueError as problem:
            raise MappingProblem(_first_problem(lines, record, context) or str(problem)) from None

    return values


def _expression(position: int, line: _Line, names: dict[str, Any]) -> str:
    names[f"get{position}"] = line.get if line.key is None else line.key
    names[f"convert{position}"] = converter_of(line.field)
    names[f"constant{position}"] = line.constant
    names[f"default{position}"] = line.default
    if not line.meaning or line.meaning[0] == "value":
        return f"constant{position}"
    read = f"get{position}(record, context)" if line.key is None else f"record.get(get{position})"
    longest = longest_plain(line.field)
    if not longest:
        return _or_default(position, line, f"convert{position}({read})")
    # Nearly every value is a short plain text: nothing to convert, and no function to call.
    plain = f"(v := {read}).__class__ is str and 0 < len(v) <= {longest} and v.isprintable()"
    return _or_default(position, line, f"(v if {plain} else None if v is None else convert{position}(v))")


def _or_default(position: int, line: _Line, expression: str) -> str:
    """A field's default stands in where the vendor has nothing."""
    return expression if line.default is None else f"(default{position} if (w := {expression}) is None else w)"


def _first_problem(lines: Sequence[_Line], record: dict[str, Any], context: Mapping[str, str]) -> str:
    """Which field it was: read again one by one, because a function for all of them does not say."""
    for line in lines:
        try:
            value = line.get(record, context)
        except ValueError as problem:
            return f"{line.field.label}: {problem}"
        try:
            to_stored(value, line.field)
        except ValueError as problem:
            return str(problem)
    return ""


def _signature(rows: Sequence[MapRow], targets: Sequence[Target], lines: Sequence[_Line]) -> str:
    """A mark of everything that decides what a record becomes, whatever the order of the lines.

    The time of a run is no part of any record.
    """
    parts = sorted(
        (target.object, target.field.external_id, _meaning(row, target, line))
        for row, target, line in zip(rows, targets, lines, strict=True)
        if line.meaning
    )
    return hashlib.sha256(orjson.dumps([_MEANING, parts])).hexdigest()


def _meaning(row: MapRow, target: Target, line: _Line) -> list[Any]:
    field = target.field
    key = None if target.sync_key is None else [target.sync_key, target.update_key]
    said = [line.meaning, row.transform, target.policy, key, field.type, field.unique, field.mandatory]
    # Only where there are any: a field without is what it was before there could be some.
    if field.options or field.default:
        said += [field.options, field.default]
    if field.lookup is not None and not field.lookup.takes_anything:
        said += [field.lookup.only_these, sorted(field.lookup.names.items())]
    return said


@dataclass(frozen=True, slots=True)
class LaunchTodo:
    """One thing that a mapping still lacks, and the field that it is about, if it is about one."""

    text: str
    target: str = ""
    is_key: bool = False


def missing_for_launch(
    rows: Sequence[MapRow], fields: Mapping[ObjectKind, Sequence[Field]], main: ObjectKind = ObjectKind.PEOPLE
) -> list[LaunchTodo]:
    """What a mapping still lacks, each a thing to do: the mandatory fields, and one sync key on a Unique field.

    Of people those are Username, Email and Role; of assets (`main` says which it is about) the Name.
    """
    known = {field.external_id: field for field in fields.get(main, ())}
    mapped = {row.target for row in rows if row.object is main}
    wanted = [name for name in MANDATORY_TARGETS[main] if name not in mapped]
    todos = [LaunchTodo(f"Map {known[name].label if name in known else name}.", name) for name in wanted]
    keys = [row for row in rows if row.sync_key is not None]
    if not keys:
        name, usual = ("Email", "email") if main is ObjectKind.PEOPLE else ("Serial Number", "serial_number")
        todos.append(LaunchTodo(f"Choose a sync key, such as {name}.", usual, is_key=True))
    shared = [known[row.target] for row in keys if row.target in known and not known[row.target].unique]
    if shared:
        labels = ", ".join(field.label for field in shared)
        text = f"Choose sync keys that are Unique; {labels} is not."
        todos.append(LaunchTodo(text, shared[0].external_id, is_key=True))
    orders = [row.sync_key for row in keys]
    if len(orders) != len(set(orders)):
        text = "Give each sync key a place of its own in the order."
        todos.append(LaunchTodo(text, keys[0].target, is_key=True))
    targets = Counter((row.object, row.target) for row in rows)
    twice = sorted(target for (_, target), count in targets.items() if count > 1)
    if twice:
        todos.append(LaunchTodo(f"Fill each field from one source only: {', '.join(twice)}.", twice[0]))
    return todos


def is_record_per_row(rows: Sequence[MapRow], connector: FieldSource) -> bool:
    """Whether each licence of a vendor that lists them is to be a record: its id decides first whose record it is."""
    keys = [row for row in rows if row.sync_key is not None and row.source is not None]
    if connector.users.licence_rows is None or not keys:
        return False
    source = min(keys, key=lambda row: row.sync_key or 0).source or ""
    known = connector.find_field(source)
    return (known.path if known else path_in_template(source) or source) == connector.users.id_path


def warnings_for_launch(rows: Sequence[MapRow], connector: FieldSource) -> list[str]:
    """What keeps nobody from launching a mapping, but should be known before."""
    if not is_record_per_row(rows, connector):
        return []
    return [
        "Each licence becomes a record of its own, and several of them share one e-mail address. Username and Email "
        "are Unique, so whoever holds more than one licence is reported and left as it is. With Email as the first "
        "sync key, all licences of a person make one record."
    ]
