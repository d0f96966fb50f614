"""What a file is to a mapping: its columns stand where a vendor's fields do."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from saasdesk.connectors import FieldSource, UserList, VendorField
from saasdesk.connectors.pages import NumberedPages
from saasdesk.errors import Cancelled
from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow
from saasdesk.mapping.smart import Band, Choice, Source, suggest
from saasdesk.sync.imports.csv_file import CsvFile, FileLine, read_lines

FEW = 50
# The people that a file does not give another role.
USUAL_ROLE = "Employee"
_LOOK_UP_EVERY = 500
_KEYS = {ObjectKind.PEOPLE: ("email", "username", "employee_id"), ObjectKind.ASSETS: ("serial_number",)}


@dataclass(frozen=True, slots=True)
class FileSource(FieldSource):
    """The file as the mapping editor sees it."""

    file: CsvFile

    @property
    def title(self) -> str:
        """The file's name."""
        return self.file.name

    @property
    def vendor_name(self) -> str:
        """Nobody's: a file called “names.csv” may well have a column of names."""
        return ""

    @property
    def users(self) -> UserList:
        """No column tells more than another who it is."""
        return UserList("", "", NumberedPages(), id_path="")

    def all_fields(self) -> tuple[VendorField, ...]:
        """The columns."""
        return tuple(VendorField(column.label, column.id) for column in self.file.columns)

    def find_field(self, field_id: str) -> VendorField | None:
        """The column that a mapping names."""
        return next((known for known in self.all_fields() if known.id == field_id), None)


def first_records(file: CsvFile, most: int = FEW) -> list[dict[str, str]]:
    """The first lines that can be read, to try a mapping on."""
    return list(islice((line.values for line in read_lines(file) if not line.problem), most))


def lines_until(file: CsvFile, stop: threading.Event) -> Iterator[FileLine]:
    """Every line, until somebody wants it to stop."""
    for count, line in enumerate(read_lines(file)):
        if count % _LOOK_UP_EVERY == 0 and stop.is_set():
            raise Cancelled
        yield line


def proposed_mapping(
    file: CsvFile, records: list[dict[str, str]], kind: ObjectKind, targets: tuple[Field, ...]
) -> tuple[MapRow, ...]:
    """Columns that are called like a field, what Smart Mapping is sure of besides, the first key, and a role for all.

    Whoever named a column as we do means that field, whatever its values look like; the preview shows them.
    """
    labels = {field.label.casefold(): field.external_id for field in targets}
    known = {field.external_id for field in targets}
    named = {labels.get(column.label.casefold(), column.id): column.id for column in file.columns}
    pairs = {target: source for target, source in named.items() if target in known}
    sources = [
        Source(column.id, column.label, values=[value for each in records if (value := each.get(column.id))])
        for column in file.columns
    ]
    mapped = [Choice(source, kind, target) for target, source in pairs.items()]
    pairs |= {
        each.target: each.source
        for each in suggest(sources, targets, vendor="", mapped=mapped)
        if each.band is Band.HIGH
    }
    key = next((name for name in _KEYS[kind] if name in pairs), "")
    rows = [
        MapRow(source=source, object=kind, target=target, sync_key=1 if target == key else None)  # type: ignore[arg-type]  # people or assets
        for target, source in pairs.items()
    ]
    if kind is ObjectKind.PEOPLE and "role" not in pairs:
        rows.append(MapRow(value=USUAL_ROLE, target="role"))
    return tuple(rows)
