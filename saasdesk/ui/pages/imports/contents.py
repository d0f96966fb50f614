"""What the page of an import shows, read in a worker."""

from dataclasses import dataclass
from pathlib import Path

from saasdesk.fields import ObjectKind
from saasdesk.fields.custom_objects.objects import list_lookups
from saasdesk.store import Store
from saasdesk.store.variables import list_variables
from saasdesk.sync.imports.csv_file import CsvFile, FileFormat, open_csv
from saasdesk.sync.imports.importing import importable_fields
from saasdesk.sync.imports.source import FileSource, first_records, proposed_mapping
from saasdesk.ui.mapping_editor.board import BoardState, Surroundings


@dataclass(frozen=True, slots=True)
class ImportContents:
    """A file with its first lines, the fields that it can fill, and the mapping that it begins with."""

    file: CsvFile
    kind: ObjectKind
    records: tuple[dict[str, str], ...]
    surroundings: Surroundings
    state: BoardState


def read_import(
    store: Store, kind: ObjectKind, path: Path, wanted: FileFormat | None, kept: BoardState | None
) -> ImportContents:
    """Look at a file, in a format of one's choice; what was mapped stays as far as its columns are still there."""
    file = open_csv(path, wanted)
    records = first_records(file)
    targets = importable_fields(store, kind)
    around = Surroundings(
        connector=FileSource(file),
        targets=targets,
        variables={variable.key: variable.value for variable in list_variables(store) if not variable.is_secret},
        with_saas_users=False,
        main_kind=kind,
        lookups=tuple(list_lookups(store)),
    )
    state = _kept(kept, file) or BoardState(proposed_mapping(file, records, kind, targets))
    return ImportContents(file, kind, tuple(records), around, state)


def _kept(state: BoardState | None, file: CsvFile) -> BoardState | None:
    """What was mapped before the file was read otherwise; None where its columns are others now."""
    if state is None:
        return None
    there = {column.id for column in file.columns}
    plain = {row.source for row in state.rows if row.source is not None and row.source.isidentifier()}
    return state if plain <= there else None
