"""Smart Mapping: which source field probably fills which of ours, how sure that is, and why.

Nothing here decides: an admin ticks. Four things speak for a pair, each between 0 and 1: what the two are called, what
the values look like, whether the types agree, and what was chosen for this vendor before. What is unknown has no say.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from saasdesk.connectors import FieldType
from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping.fitting import Fit, fitting_of
from saasdesk.mapping.names import FieldName, field_name, squeezed
from saasdesk.mapping.shapes import Shape, ShapeCount, count_shapes

_NAME, _SHAPE, _TYPE, _PAST = 0.45, 0.35, 0.10, 0.10
_HIGH, _LIKELY, _WORTH_SHOWING = 0.90, 0.60, 0.35
# Values alone can show what a field holds, but not whether it is the one that is meant.
_WITHOUT_A_NAME = 0.85
_USERNAME_BESIDE_EMAIL = 0.85
_FEWEST_VALUES = 3


class Band(StrEnum):
    """How sure a suggestion is: the first is ticked, the second listed, the third hidden until asked for."""

    HIGH = "high"
    LIKELY = "likely"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Source:
    """A vendor's field, with some of its values as the vendor sent them."""

    id: str
    label: str
    type: FieldType = FieldType.SHORT_TEXT
    values: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A source and a target that were put together, or must not be."""

    source: str
    object: ObjectKind
    target: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One pair; the reason is half a sentence for people."""

    source: str
    object: ObjectKind
    target: str
    score: float
    reason: str

    @property
    def band(self) -> Band:
        """How sure it is."""
        if self.score >= _HIGH:
            return Band.HIGH
        return Band.LIKELY if self.score >= _LIKELY else Band.WEAK


def suggest(
    sources: Sequence[Source],
    targets: Sequence[Field],
    *,
    vendor: str,
    other_vendors: Collection[str] = (),
    mapped: Collection[Choice] = (),
    rejected: Collection[Choice] = (),
    past: Collection[Choice] = (),
) -> list[Suggestion]:
    """The best source for each target that has none yet, the surest first.

    `mapped` is what stands already: its targets are left alone, and its sources not offered again. `rejected` pairs are
    never offered, `past` ones are what was chosen for this vendor elsewhere. A field that is named after one of the
    `other_vendors` is theirs.
    """
    known = [_Known.of(source, vendor) for source in sources]
    open_targets = _open_targets(targets, vendor, other_vendors, mapped)
    taken = {choice.source for choice in mapped if choice.target not in _SHARED_TARGETS}
    pairs = [
        pair
        for wanted in open_targets
        for source in known
        if source.source.id not in taken
        and Choice(source.source.id, wanted.field.object, wanted.field.external_id) not in rejected
        and (pair := _weigh(source, wanted, past)).score >= _WORTH_SHOWING
    ]
    if any(_is_username(wanted.field.object, wanted.field.external_id) for wanted in open_targets):
        pairs = _username_like_email(pairs, mapped, rejected)
    return _best(pairs)


def _open_targets(
    targets: Sequence[Field], vendor: str, other_vendors: Collection[str], mapped: Collection[Choice]
) -> list["_Wanted"]:
    filled = {(choice.object, choice.target) for choice in mapped}
    strangers = {squeezed(name) for name in other_vendors} - {squeezed(vendor)}
    return [
        _Wanted.of(field, vendor)
        for field in targets
        if (field.object, field.external_id) not in filled
        # What a person is here, Employee or Contractor, no vendor knows; its own roles belong to the SaaS user.
        and (field.object, field.external_id) != (ObjectKind.PEOPLE, "role")
        # What a SaaS user always has, the connector fills by itself.
        and not (field.builtin and field.object is ObjectKind.SAAS_USERS)
        and not any(squeezed(field.label).startswith(name) for name in strangers)
    ]


# ----- what is known of each side

# What the values of our own fields look like; the words end the sentence "38 of 40 look like …".
_EXPECTED: dict[str, tuple[tuple[Shape, ...], str]] = {
    "email": ((Shape.EMAIL,), "e-mail addresses"),
    "username": ((Shape.EMAIL, Shape.WORD, Shape.IDENTIFIER), "log-in names"),
    "name": ((Shape.FULL_NAME, Shape.WORD), "names of people"),
    "displayname": ((Shape.FULL_NAME, Shape.WORD), "names of people"),
    "firstname": ((Shape.WORD, Shape.FULL_NAME), "first names"),
    "lastname": ((Shape.WORD, Shape.FULL_NAME), "last names"),
    "jobtitle": ((Shape.FULL_NAME, Shape.WORD, Shape.TEXT), "job titles"),
    "department": ((Shape.FULL_NAME, Shape.WORD, Shape.TEXT), "departments"),
    "phone": ((Shape.PHONE,), "telephone numbers"),
    "timezone": ((Shape.TIME_ZONE,), "time zones"),
}
_BY_TYPE: dict[FieldType, tuple[tuple[Shape, ...], str]] = {
    FieldType.DATE: ((Shape.DATE, Shape.DATETIME), "dates"),
    FieldType.DATETIME: ((Shape.DATETIME, Shape.DATE), "times"),
    FieldType.NUMBER: ((Shape.NUMBER,), "numbers"),
    FieldType.DECIMAL: ((Shape.NUMBER,), "numbers"),
    FieldType.FLAG: ((Shape.FLAG,), "yes or no"),
}
_IDENTIFIERS = (Shape.IDENTIFIER, Shape.NUMBER, Shape.WORD)


@dataclass(frozen=True, slots=True)
class _Known:
    """A source, its name taken apart and its values looked at."""

    source: Source
    name: FieldName
    count: ShapeCount

    @classmethod
    def of(cls, source: Source, vendor: str) -> "_Known":
        return cls(source, field_name(source.label, vendor), count_shapes(source.values))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A target, and what would look right in it."""

    field: Field
    name: FieldName
    shapes: tuple[Shape, ...]
    looks: str
    is_identifier: bool

    @classmethod
    def of(cls, field: Field, vendor: str) -> "_Wanted":
        name = field_name(field.label, vendor)
        shapes, looks = _BY_TYPE.get(field.type, ((), ""))
        concept = next((word for word in name.words if word in _EXPECTED), None)
        is_identifier = not concept and field.unique and bool({"id", "employeeid"} & name.words)
        if concept is not None and len(name.words) == 1:
            shapes, looks = _EXPECTED[concept]
        elif is_identifier:
            shapes, looks = _IDENTIFIERS, "identifiers"
        return cls(field, name, shapes, looks, is_identifier)


# ----- weighing one pair


def _weigh(known: "_Known", wanted: "_Wanted", past: Collection[Choice]) -> Suggestion:
    field = wanted.field
    name = known.name.likeness(wanted.name)
    shape = _shape_fit(known.count, wanted)
    fit = _type_fit(known.source.type, field.type)
    before = [choice for choice in past if choice.source == known.source.id]
    chosen = (
        None if not before else float(any((c.object, c.target) == (field.object, field.external_id) for c in before))
    )
    parts = ((name, _NAME), (shape, _SHAPE), (fit, _TYPE), (chosen, _PAST))
    known_parts = [(value, weight) for value, weight in parts if value is not None]
    score = sum(value * weight for value, weight in known_parts) / sum(weight for _, weight in known_parts)
    if name is None:
        score = min(score, _WITHOUT_A_NAME) if shape else 0.0
    if chosen:
        score = max(score, _LIKELY)
    reason = "; ".join(_reasons(known, wanted, name, shape, chosen))
    return Suggestion(known.source.id, field.object, field.external_id, round(score, 3), reason)


def _reasons(
    known: "_Known", wanted: "_Wanted", name: float | None, shape: float | None, chosen: float | None
) -> list[str]:
    said = []
    if name == 1:
        said.append("same name" if known.name.text == wanted.name.text else f"“{known.source.label}” means the same")
    elif name is not None and name >= _LIKELY:
        said.append("similar name")
    if shape is not None and wanted.looks:
        fitting = round(shape * known.count.filled)
        said.append(f"{fitting:,} of {known.count.filled:,} look like {wanted.looks}")
    if chosen:
        said.append("chosen before for this vendor")
    return said or ["the types agree"]


def _shape_fit(count: ShapeCount, wanted: "_Wanted") -> float | None:
    """Which part of the values looks as the target wants it; None where there are too few, or it wants nothing."""
    if count.filled < _FEWEST_VALUES or not wanted.shapes:
        return None
    fit = count.share(*wanted.shapes)
    if wanted.is_identifier and count.distinct < count.filled:
        # An identifier that two records share tells nobody apart.
        return 0.0
    return fit


def _type_fit(source: FieldType, target: FieldType) -> float:
    if target.is_looked_up and fitting_of(source, target).fit is Fit.IMPOSSIBLE:
        return 0.0
    if source == target or (source.is_text and target.is_text):
        return 1.0
    if target.is_text:
        return 0.5
    if {source, target} <= {FieldType.DATE, FieldType.DATETIME} or {source, target} <= {
        FieldType.NUMBER,
        FieldType.DECIMAL,
    }:
        return 0.8
    return 0.2 if source.is_text else 0.0


# ----- choosing

# One address is both who somebody is here and where mail goes.
_SHARED_TARGETS = ("username", "email")


def _username_like_email(
    pairs: list[Suggestion], mapped: Collection[Choice], rejected: Collection[Choice]
) -> list[Suggestion]:
    """People are known by their e-mail address: what fills Email fills Username, before any log-in name."""
    email = _source_of_email(pairs, mapped)
    if email is None or Choice(email[0], ObjectKind.PEOPLE, "username") in rejected:
        return pairs
    source, score = email
    others = [
        replace(pair, score=min(pair.score, _USERNAME_BESIDE_EMAIL)) if _is_username(pair.object, pair.target) else pair
        for pair in pairs
        if not (_is_username(pair.object, pair.target) and pair.source == source)
    ]
    reason = "people are known by their e-mail address"
    return [*others, Suggestion(source, ObjectKind.PEOPLE, "username", score, reason)]


def _source_of_email(pairs: list[Suggestion], mapped: Collection[Choice]) -> tuple[str, float] | None:
    """What fills Email already, or would, and how sure that is."""
    for choice in mapped:
        if (choice.object, choice.target) == (ObjectKind.PEOPLE, "email"):
            return choice.source, 1.0
    offered = [pair for pair in pairs if (pair.object, pair.target) == (ObjectKind.PEOPLE, "email")]
    best = max(offered, key=lambda pair: pair.score, default=None)
    return None if best is None or best.band is Band.WEAK else (best.source, best.score)


def _is_username(kind: ObjectKind, target: str) -> bool:
    return kind is ObjectKind.PEOPLE and target == "username"


def _best(pairs: list[Suggestion]) -> list[Suggestion]:
    """One source a target and one target a source, the surest pair first."""
    chosen: list[Suggestion] = []
    sources: set[str] = set()
    targets: set[tuple[ObjectKind, str]] = set()
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        target = (pair.object, pair.target)
        is_shared = pair.object is ObjectKind.PEOPLE and pair.target in _SHARED_TARGETS
        if target in targets or (pair.source in sources and not is_shared):
            continue
        chosen.append(pair)
        targets.add(target)
        sources.add(pair.source)
    return chosen
