"""What is wrong with a mapping while it is edited: what keeps it from being launched, and what to look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.mapping.mapping import CONNECT, MANDATORY_TARGETS, MapRow
from saasdesk.mapping.preview import LineReport, MappingPreview, MappingReport


class Severity(StrEnum):
    """A blocker keeps the integration from being launched; a warning does not."""

    BLOCKER = "blocker"
    WARNING = "warning"


class Fix(StrEnum):
    """What would mend a problem with one press."""

    NONE = ""
    CONSTANT = "constant"
    SOURCE = "source"
    SYNC_KEY = "sync_key"
    NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at, and the line it is about, if it is about one."""

    severity: Severity
    message: str
    place: Place | None = None
    label: str = ""
    fix: Fix = Fix.NONE


def find_problems(
    rows: Sequence[MapRow],
    fields: Mapping[Place, Field],
    preview: MappingPreview,
    report: MappingReport | None = None,
    warnings: Sequence[str] = (),
    *,
    keys: Mapping[int, LineReport] | None = None,
    sampled: int = 0,
) -> list[Problem]:
    """Everything wrong, blockers first; `report` is what a look at many records found, if there was one.

    `warnings` are about the mapping as a whole. Until there is a report, `keys` holds what the sync keys meet in the
    `sampled` records at hand, by the number of their line.
    """
    found = [
        *(Problem(Severity.WARNING, message) for message in warnings),
        *_missing(rows, fields),
        *_keys(rows, fields),
        *_lines(rows, fields, preview),
        *(_reported(rows, fields, report) if report is not None and len(report.lines) == len(rows) else ()),
        *(_sampled_keys(rows, fields, keys, sampled) if report is None and keys else ()),
    ]
    return sorted(found, key=lambda problem: problem.severity is not Severity.BLOCKER)


def _missing(rows: Sequence[MapRow], fields: Mapping[Place, Field]) -> Iterator[Problem]:
    mapped = {Place(row.object, row.target) for row in rows}
    # Only one of the two kinds is among the fields: an integration loads people or assets.
    for place in (Place(kind, name) for kind, names in MANDATORY_TARGETS.items() for name in names):
        field = fields.get(place)
        if field is None or place in mapped:
            continue
        fix = Fix.CONSTANT if place.target == "role" else Fix.SOURCE
        yield Problem(
            Severity.BLOCKER,
            f"{field.label} is required. Map a source or choose a constant.",
            place,
            field.label,
            fix,
        )


def _keys(rows: Sequence[MapRow], fields: Mapping[Place, Field]) -> Iterator[Problem]:
    keys = [row for row in rows if row.sync_key is not None]
    if not keys:
        email, serial = Place(ObjectKind.PEOPLE, "email"), Place(ObjectKind.ASSETS, "serial_number")
        usual, name = (serial, "Serial Number") if serial in fields else (email, "Email")
        is_mapped = usual in fields and any(usual.holds(row) and row.source for row in rows)
        message = f"A sync key is needed: it decides whose record this is. {name} does well."
        yield Problem(
            Severity.BLOCKER, message, usual if is_mapped else None, "", Fix.SYNC_KEY if is_mapped else Fix.NONE
        )
    for row in keys:
        field = fields.get(Place(row.object, row.target))
        if field is not None and not field.unique:
            message = "A sync key must be a Unique field: two records could share a value."
            yield Problem(Severity.BLOCKER, message, Place(row.object, row.target), field.label, Fix.NO_KEY)


def _lines(rows: Sequence[MapRow], fields: Mapping[Place, Field], preview: MappingPreview) -> Iterator[Problem]:
    for row, line in zip(rows, preview.lines, strict=True):
        if line.broken:
            place = Place(row.object, row.target)
            field = fields.get(place)
            yield Problem(Severity.BLOCKER, line.broken, place, field.label if field else row.target, Fix.SOURCE)


def _reported(rows: Sequence[MapRow], fields: Mapping[Place, Field], report: MappingReport) -> Iterator[Problem]:
    for row, line in zip(rows, report.lines, strict=True):
        place = Place(row.object, row.target)
        field = fields.get(place)
        if field is None:
            continue
        for message in _of_line(row, line, report.records):
            yield Problem(Severity.WARNING, message, place, field.label)


def _sampled_keys(
    rows: Sequence[MapRow], fields: Mapping[Place, Field], keys: Mapping[int, LineReport], sampled: int
) -> Iterator[Problem]:
    for number, line in keys.items():
        place = Place(rows[number].object, rows[number].target)
        field = fields.get(place)
        if field is not None and (line.blank or line.duplicates):
            yield Problem(Severity.WARNING, _not_unique(line, sampled), place, field.label)


def _not_unique(line: LineReport, records: int) -> str:
    return (
        f"As a sync key it is not unique: {line.blank:,} empty, {line.duplicates:,} shared in {records:,} records. "
        "These are reported and left as they are."
    )


def _of_line(row: MapRow, line: LineReport, records: int) -> Iterator[str]:
    if line.failed:
        number, sentence = line.problems[0]
        yield f"{line.failed:,} of {records:,} records fail here; the first is record {number:,}: {sentence}"
    if row.sync_key is not None and (line.blank or line.duplicates):
        yield _not_unique(line, records)
    elif _is_never_filled(row, line, records):
        yield f"None of the {records:,} records at hand has a value here. The source may be gone, or never filled."


def _is_never_filled(row: MapRow, line: LineReport, records: int) -> bool:
    reads_record = row.source is not None and not row.source.startswith(CONNECT)
    return reads_record and records > 0 and line.filled == 0 and line.failed == 0
