"""Which vendor field fills which of ours, and what an integration still lacks before it can be launched."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic import Field as Key

from saasdesk.connectors import CONNECTOR_SYNC_TIME, VendorField
from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, Stored, to_stored
from saasdesk.mapping.paths import compile_path, parse_path, path_in_template
from saasdesk.mapping.templates import TemplateProblem, compile_template, is_template
from saasdesk.mapping.transforms import TransformProblem, compile_step

CONNECT = "connect:"
MANDATORY_TARGETS = ("username", "email", "role")


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
    object: Literal[ObjectKind.PEOPLE, ObjectKind.SAAS_USERS] = ObjectKind.PEOPLE
    target: str = Key(min_length=1, max_length=80)
    sync_key: int | None = Key(default=None, ge=1, le=20)
    update_key: bool = False
    transform: tuple[str, ...] = ()
    policy: Policy = Policy.ALWAYS

    @field_validator("object", mode="before")
    @classmethod
    def _object_by_name(cls, value: object) -> object:
        return ObjectKind(value) if isinstance(value, str) and value in {"people", "saas_users"} else value

    @field_validator("source")
    @classmethod
    def _readable_source(cls, text: str | None) -> str | None:
        if text is not None:
            check_source(text)
        return text

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
        if self.sync_key is not None and self.source is None:
            raise ValueError("a constant cannot be a sync key: it is the same for everybody")
        return self


def check_source(text: str) -> None:
    """Raise a ValueError when this is neither a field's name, a path nor a template."""
    if text.startswith(CONNECT):
        return
    if is_template(text) and path_in_template(text) is None:
        compile_template(text)
    else:
        parse_path(path_in_template(text) or text)


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
    from: they stay outside differences. `features` names per position what the key must be able to read.
    """

    targets: tuple[Target, ...]
    values: Values
    signature: str
    uses_sync_time: frozenset[int]
    tells_source: frozenset[int]
    features: Mapping[int, str]


def compile_mapping(
    rows: Sequence[MapRow],
    vendor_fields: Sequence[VendorField],
    target_fields: Mapping[ObjectKind, Sequence[Field]],
    variables: Mapping[str, str] | None = None,
) -> CompiledMapping:
    """Compile a mapping once for a run; raises a UserError that names the line with a problem."""
    known = {field.id: field for field in vendor_fields}
    fields = {kind: {field.external_id: field for field in each} for kind, each in target_fields.items()}
    targets: list[Target] = []
    getters: list[_Getter] = []
    for number, row in enumerate(rows, start=1):
        field = fields.get(row.object, {}).get(row.target)
        if field is None:
            raise UserError(f"map[{number}].target: there is no field “{row.target}” among {row.object.value}.")
        targets.append(Target(row.object, field, row.sync_key, row.update_key, row.policy.value))
        getters.append(_getter(row, known, variables or {}))
    fields_in_order = [target.field for target in targets]
    converters = [_converter(field) for field in fields_in_order]
    definitions = [(t.object.value, t.field.external_id, t.field.type.value) for t in targets]
    parts = [[row.model_dump(mode="json") for row in rows], definitions, sorted((variables or {}).items())]
    return CompiledMapping(
        targets=tuple(targets),
        values=_generate(getters, converters),
        signature=hashlib.sha256(orjson.dumps(parts)).hexdigest(),
        uses_sync_time=frozenset(i for i, row in enumerate(rows) if row.source == CONNECTOR_SYNC_TIME),
        tells_source=frozenset(i for i, row in enumerate(rows) if (row.source or "").startswith(CONNECT)),
        features={
            i: known[row.source].feature
            for i, row in enumerate(rows)
            if row.source in known and known[row.source].feature
        },
    )


_Getter = Callable[[dict[str, Any], Mapping[str, str]], Any]


def _getter(row: MapRow, known: Mapping[str, VendorField], variables: Mapping[str, str]) -> "_Getter | str":
    """How a line reads its value; a plain top-level key comes back as the key itself, to be read the quick way."""
    steps = [compile_step(step) for step in row.transform]
    source = row.source
    if source is None:
        constant = row.value
        return _with_steps(lambda _record, _context: constant, steps)
    if source.startswith(CONNECT):
        return _with_steps(lambda _record, context: context.get(source), steps)
    if source == CONNECTOR_SYNC_TIME:
        return lambda _record, _context: None
    if is_template(source) and path_in_template(source) is None:
        template = compile_template(source)
        return _with_steps(lambda record, context: template.render(record, {**variables, **context}), steps)
    path = known[source].path if source in known and known[source].path else (path_in_template(source) or source)
    parsed = parse_path(path)
    if len(parsed) == 1 and isinstance(parsed[0], str) and not steps:
        return parsed[0]
    get = compile_path(path)
    return _with_steps(lambda record, _context: get(record), steps)


def _with_steps(get: _Getter, steps: Sequence[Callable[[Any], Any]]) -> _Getter:
    if not steps:
        return get

    def changed(record: dict[str, Any], context: Mapping[str, str]) -> Any:
        value = get(record, context)
        for step in steps:
            value = step(value)
        return value

    return changed


def _converter(field: Field) -> Callable[[Any], Stored]:
    longest = {FieldType.SHORT_TEXT: 256, FieldType.LONG_TEXT: 1024}.get(field.type)
    if longest is None:
        return lambda value: to_stored(value, field)

    def text(value: Any) -> Stored:
        # Nearly every value is a short plain text: nothing to convert.
        if value.__class__ is str and len(value) <= longest and value.isascii() and "\0" not in value:
            return value or None
        return to_stored(value, field)

    return text


def _generate(getters: Sequence["_Getter | str"], converters: Sequence[Callable[[Any], Stored]]) -> Values:
    """One function that reads all values of a record.

    Its source text is made of nothing but our own names and numbers; keys, getters and converters are handed in.
    """
    names: dict[str, Any] = {}
    expressions: list[str] = []
    for position, (get, convert) in enumerate(zip(getters, converters, strict=True)):
        names[f"c{position}"] = convert
        names[f"g{position}"] = get
        read = f"record.get(g{position})" if isinstance(get, str) else f"g{position}(record, context)"
        expressions.append(f"c{position}({read})")
    source = f"lambda record, context: [{', '.join(expressions)}]"
    quick: Values = eval(source, {"__builtins__": {}, **names})  # noqa: S307 - the text is ours, see above

    def values(record: dict[str, Any], context: Mapping[str, str]) -> list[Stored]:
        try:
            return quick(record, context)
        except (TemplateProblem, TransformProblem, ValueError) as problem:
            raise MappingProblem(str(problem)) from None

    return values


def missing_for_launch(rows: Sequence[MapRow], fields: Mapping[ObjectKind, Sequence[Field]]) -> list[str]:
    """What a mapping still lacks, each a thing to do: Username, Email, Role, and one sync key on a Unique field."""
    people = {field.external_id: field for field in fields.get(ObjectKind.PEOPLE, ())}
    mapped = {row.target for row in rows if row.object is ObjectKind.PEOPLE}
    wanted = [people[name].label if name in people else name for name in MANDATORY_TARGETS if name not in mapped]
    problems = [f"Map {label}." for label in wanted]
    keys = [row for row in rows if row.sync_key is not None and row.object is ObjectKind.PEOPLE]
    if not keys:
        problems.append("Choose a sync key, such as Email.")
    orders = [row.sync_key for row in keys]
    if len(orders) != len(set(orders)):
        problems.append("Give each sync key a place of its own in the order.")
    targets = [(row.object, row.target) for row in rows]
    twice = sorted({target for kind, target in targets if targets.count((kind, target)) > 1})
    if twice:
        problems.append(f"Fill each field from one source only: {', '.join(twice)}.")
    return problems
