"""People and assets from a file: planned, looked at, applied in one step, and taken back."""

import threading
from pathlib import Path
from typing import Any

import pytest

from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.mapping import MapRow
from saasdesk.records.editing import add_record, edit_record, form_of, set_archived
from saasdesk.store import Store
from saasdesk.sync import plans, sessions
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.imports.applying import apply_import, undo_import
from saasdesk.sync.imports.csv_file import open_csv
from saasdesk.sync.imports.importing import FileImport, importable_fields, plan_import, read_content
from saasdesk.sync.imports.source import first_records, proposed_mapping
from saasdesk.sync.integration import NewFieldRow
from saasdesk.sync.previews.rows import narrow

PEOPLE = ObjectKind.PEOPLE
MAPPING = (
    MapRow(source="email", target="email", sync_key=1),
    MapRow(source="email", target="username"),
    MapRow(source="name", target="name"),
    MapRow(source="team", target="department"),
    MapRow(value="Employee", target="role"),
)
HEAD = "email,name,team\n"


def plan(store: Store, folder: Path, text: str, **wanted: Any) -> SyncResult:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    request = FileImport(open_csv(path), **{"kind": PEOPLE, "mapping": MAPPING, **wanted})
    return plan_import(store, request, lambda _news: None, threading.Event())


def apply(store: Store, planned: SyncResult, unticked: frozenset[tuple[int, str]] = frozenset()) -> SyncResult:
    assert planned.plan is not None
    return apply_import(store, planned.plan, unticked, lambda _news: None, threading.Event())


def look(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute_sql(sql).fetchall()


def lines(store: Store, planned: SyncResult) -> set[tuple[str, str, str, Any, Any]]:
    assert planned.plan is not None
    found = plans.lines_of(store, planned.plan)
    return {(line.kind, line.label, line.field, line.before, line.after) for line in found}


def add(store: Store, name: str, **values: str) -> int:
    address = f"{name.lower()}@example.com"
    whole = {"username": address, "email": address, "role": "Employee", "name": name, **values}
    return add_record(store, PEOPLE, whole)


def test_that_a_file_is_planned_without_writing_and_then_applied_with_history(store: Store, tmp_path: Path) -> None:
    dana = add(store, "Dana", department="Sales")
    add(store, "Li", department="Legal")
    text = HEAD + "dana@example.com,Dana Example,Legal\nli@example.com,Li,Legal\nzoe@example.com,Zoë,\n"

    planned = plan(store, tmp_path, text)

    assert look(store, "SELECT count(*) FROM person") == [(2,)]
    found = lines(store, planned)
    assert ("update", "Dana Example", "department", "Sales", "Legal") in found
    assert ("update", "Dana Example", "name", "Dana", "Dana Example") in found
    assert ("create", "Zoë", "email", None, "zoe@example.com") in found
    assert {planned.counts[name] for name in ("created", "updated", "unchanged")} == {1}
    done = apply(store, planned)
    assert done.status is Status.COMPLETED
    assert look(store, "SELECT name, department, role FROM person ORDER BY id") == [
        ("Dana Example", "Legal", "Employee"),
        ("Li", "Legal", "Employee"),
        ("Zoë", None, "Employee"),
    ]
    causes = look(store, f"SELECT DISTINCT cause FROM change WHERE session = {done.session}")
    assert causes == [("import of people.csv",)]
    assert look(store, f"SELECT field FROM value_owner WHERE record = {dana} AND field = 'name' AND integration = 0")


def test_that_what_is_unticked_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    add(store, "Dana", department="Sales")
    planned = plan(store, tmp_path, HEAD + "dana@example.com,Dana E,Legal\nzoe@example.com,Zoë,\n")
    assert planned.plan is not None
    seqs = {(line.kind, line.field): line.seq for line in plans.lines_of(store, planned.plan)}

    apply(store, planned, frozenset({(seqs["update", "name"], "name"), (seqs["create", "email"], "")}))

    assert look(store, "SELECT name, department FROM person") == [("Dana", "Legal")]


def test_that_bad_lines_are_counted_by_number_and_good_ones_are_taken(store: Store, tmp_path: Path) -> None:
    bad = "".join(f"bad{n}@example.com,Bad {n},A,too,many\n" for n in range(500))
    text = HEAD + bad + ",Nobody,A\n" * 500 + "twice@example.com,One,A\ntwice@example.com,Two,B\nli@example.com,Li,A\n"

    planned = plan(store, tmp_path, text)
    done = apply(store, planned)

    assert done.counts["failed"] == 1002
    assert done.status is Status.COMPLETED_WITH_ERRORS
    assert look(store, "SELECT name FROM person") == [("Li",)]
    errors = sessions.errors_of(store, done.session)
    assert {error.cause for error in errors} == {"line: shape", "line: no sync key", "line: duplicate"}
    assert errors[0].record == "Line 2"
    assert errors[500].record == "Line 502 · Nobody"


def test_that_a_blank_cell_empties_nothing(store: Store, tmp_path: Path) -> None:
    add(store, "Dana", department="Sales")

    planned = plan(store, tmp_path, HEAD + "dana@example.com,Dana,\n")

    assert planned.counts["updated"] == 0


def test_that_formulas_and_reversed_letters_are_kept_as_they_are(store: Store, tmp_path: Path) -> None:
    apply(store, plan(store, tmp_path, HEAD + 'li@example.com,"=HYPERLINK(""x"")",\u202egpj\n'))

    assert look(store, "SELECT name, department FROM person") == [('=HYPERLINK("x")', "\u202egpj")]


def test_that_a_preference_leaves_out_what_it_is_not_about(store: Store, tmp_path: Path) -> None:
    add(store, "Dana", department="Sales")
    text = HEAD + "dana@example.com,Dana,Legal\nli@example.com,Li,A\n"

    only_new = plan(store, tmp_path, text, preference="create_only")
    only_known = plan(store, tmp_path, text, preference="update_only")

    assert (only_new.counts["created"], only_new.counts["updated"]) == (1, 0)
    assert (only_known.counts["created"], only_known.counts["updated"]) == (0, 1)


def test_that_the_archived_stay_archived_unless_they_are_to_be_restored(store: Store, tmp_path: Path) -> None:
    dana = add(store, "Dana")
    set_archived(store, PEOPLE, [dana], "left", archived=True)
    text = HEAD + "dana@example.com,Dana,Legal\n"

    assert plan(store, tmp_path, text).counts["skipped"] == 1
    apply(store, plan(store, tmp_path, text, restore=True))

    assert look(store, "SELECT archived, department FROM person") == [(0, "Legal")]


def test_that_an_import_taken_back_leaves_equal_records_and_feeders(store: Store, tmp_path: Path) -> None:
    add(store, "Dana", department="Sales")
    store.write(lambda db: db.execute_sql("UPDATE value_owner SET integration = 3 WHERE field = 'department'"))
    columns = "id, name, email, department, role, archived, deactivated"
    before = look(store, f"SELECT {columns} FROM person")
    feeders = look(store, "SELECT object, record, field, integration FROM value_owner ORDER BY record, field")
    done = apply(store, plan(store, tmp_path, HEAD + "dana@example.com,Dana E,Legal\nzoe@example.com,Zoë,\n"))

    assert undo_import(store, done.session) == (2, 0)

    assert look(store, f"SELECT {columns} FROM person WHERE NOT archived") == before
    kept = "SELECT object, record, field, integration FROM value_owner WHERE record = 1 ORDER BY record, field"
    assert look(store, kept) == feeders
    with pytest.raises(UserError, match="was taken back"):
        undo_import(store, done.session)


def test_that_what_was_changed_since_an_import_is_not_taken_back(store: Store, tmp_path: Path) -> None:
    dana = add(store, "Dana", department="Sales")
    done = apply(store, plan(store, tmp_path, HEAD + "dana@example.com,Dana,Legal\nzoe@example.com,Zoë,\n"))
    for number, name in ((dana, "department"), (dana + 1, "name")):
        form = form_of(store, PEOPLE, number)
        edit_record(store, form, {**{f.external_id: form.text(f) for f in form.fields}, name: "Mine"})

    assert undo_import(store, done.session) == (0, 2)

    assert look(store, "SELECT department FROM person WHERE NOT archived ORDER BY id") == [("Mine",), (None,)]


def test_that_a_cancelled_import_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(HEAD + "li@example.com,Li,A\n", encoding="utf-8")
    stop = threading.Event()
    stop.set()

    done = plan_import(store, FileImport(open_csv(path), PEOPLE, MAPPING), lambda _news: None, stop)

    assert done.status is Status.CANCELLED
    assert look(store, "SELECT (SELECT count(*) FROM plan), (SELECT count(*) FROM person)") == [(0, 0)]
    assert store.profile.previews() == []


def test_that_a_mapping_without_what_a_person_needs_is_refused_in_a_sentence(store: Store, tmp_path: Path) -> None:
    done = plan(store, tmp_path, HEAD + "li@example.com,Li,A\n", mapping=MAPPING[2:])

    assert done.status is Status.FAILED
    assert "Map Username" in done.message


def test_that_a_record_changed_since_the_plan_is_refused_and_listed(store: Store, tmp_path: Path) -> None:
    dana = add(store, "Dana", department="Sales")
    planned = plan(store, tmp_path, HEAD + "dana@example.com,Dana,Legal\n")
    form = form_of(store, PEOPLE, dana)
    edit_record(store, form, {**{f.external_id: form.text(f) for f in form.fields}, "department": "Mine"})

    done = apply(store, planned)

    assert look(store, "SELECT department FROM person") == [("Mine",)]
    assert "was “Sales” when the plan was made and is “Mine” now" in done.errors[0].message


def test_that_assets_are_known_again_by_their_serial_number(store: Store, tmp_path: Path) -> None:
    mapping = (
        MapRow(source="email", object=ObjectKind.ASSETS, target="serial_number", sync_key=1),
        MapRow(source="name", object=ObjectKind.ASSETS, target="name"),
    )
    for name in ("Laptop", "Laptop of Li"):
        apply(store, plan(store, tmp_path, HEAD + f"S-1,{name},\n", kind=ObjectKind.ASSETS, mapping=mapping))

    assert look(store, "SELECT serial_number, name FROM asset") == [("S-1", "Laptop of Li")]


def test_that_an_asset_goes_to_the_person_with_the_address_in_its_line(store: Store, tmp_path: Path) -> None:
    dana, li = add(store, "Dana"), add(store, "Li")
    mapping = (
        MapRow(source="name", object=ObjectKind.ASSETS, target="serial_number", sync_key=1),
        MapRow(source="name", object=ObjectKind.ASSETS, target="name"),
        MapRow(source="email", object=ObjectKind.ASSETS, target="owner_email"),
    )
    wanted: dict[str, Any] = {"kind": ObjectKind.ASSETS, "mapping": mapping}
    apply(store, plan(store, tmp_path, HEAD + "Dana@example.com,S-1,\nnobody@example.com,S-2,\n", **wanted))
    assert look(store, "SELECT person, owner_email__key FROM asset ORDER BY id") == [
        (dana, "dana@example.com"),
        (None, "nobody@example.com"),
    ]

    done = apply(store, plan(store, tmp_path, HEAD + "li@example.com,S-1,\n,S-2,\n", **wanted))

    assert look(store, "SELECT person FROM asset ORDER BY id") == [(li,), (None,)]
    undo_import(store, done.session)
    assert look(store, "SELECT person, owner_email FROM asset ORDER BY id") == [
        (dana, "Dana@example.com"),
        (None, "nobody@example.com"),
    ]


def test_that_the_mapping_is_proposed_from_names_and_values(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    names = ("Ana Example", "Li Wu", "Zoë Brun", "Dana Berg")
    people = "".join(f"{name},p{n}@example.com,Sales\n" for n, name in enumerate(names))
    path.write_text("Name,E-Mail,Department\n" + people, encoding="utf-8")
    file = open_csv(path)

    rows = proposed_mapping(file, first_records(file), PEOPLE, importable_fields(store, PEOPLE))

    assert {(row.target, row.source, row.sync_key) for row in rows} == {
        ("email", "e_mail", 1),
        ("username", "e_mail", None),
        ("name", "name", None),
        ("department", "department", None),
        ("role", None, None),
    }


def test_that_a_column_called_like_a_field_fills_it_whatever_the_file_is_called_and_its_values_look_like(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "names and emails.csv"
    people = "".join(f"user {n} (temp),p{n}@example.com,u-{n},SALES/{n}\n" for n in range(9))
    path.write_text("name,E-Mail,Username,DEPARTMENT\n" + people, encoding="utf-8")
    file = open_csv(path)

    rows = proposed_mapping(file, first_records(file), PEOPLE, importable_fields(store, PEOPLE))

    assert {(row.target, row.source) for row in rows if row.source is not None} == {
        ("name", "name"),
        ("email", "e_mail"),
        ("username", "username"),
        ("department", "department"),
    }


def test_that_a_file_without_a_line_below_its_head_is_refused(store: Store, tmp_path: Path) -> None:
    done = plan(store, tmp_path, HEAD)

    assert done.plan is None
    assert "no line below" in done.message


def test_that_a_field_that_is_not_there_yet_is_made_and_filled(store: Store, tmp_path: Path) -> None:
    mapping = (*MAPPING, MapRow(source="badge", target="badge"))
    fields = (NewFieldRow(label="Badge", unique=True),)
    text = "email,name,team,badge\nli@example.com,Li,A,B-7\n"

    apply(store, plan(store, tmp_path, text, mapping=mapping, fields=fields))

    assert look(store, "SELECT badge, badge__key FROM person") == [("B-7", "b-7")]


def test_that_applying_looks_each_line_up_by_an_index(store: Store, tmp_path: Path) -> None:
    """Without it a hundred thousand new records take hours."""
    planned = plan(store, tmp_path, HEAD + "li@example.com,Li,A\n")
    assert planned.plan is not None
    with store.stage(None, store.profile.preview(planned.session)) as stage:
        narrow(stage, read_content(stage).shape, planned.plan, frozenset())
        way = stage.execute_sql(
            "EXPLAIN QUERY PLAN SELECT 1 FROM agreed a LEFT JOIN plan_record b ON b.vendor_id IS a.vendor_id"
        ).fetchall()

    assert any("plan_record_vendor_id" in str(step) for step in way)


def test_that_a_line_without_a_mail_address_is_left_alone_and_says_what_is_wrong_with_it(
    store: Store, tmp_path: Path
) -> None:
    text = HEAD + "ana at example.com,Ana,A\nli@example.com,Li,A\nzoe@@example.com,Zoë,A\n"

    planned = plan(store, tmp_path, text)

    told = {error.vendor_id: error.message for error in sessions.errors_of(store, planned.session)}
    assert told == {
        "2": "Email: “ana at example.com” is not a mail address: it has no @",
        "4": "Email: “zoe@@example.com” is not a mail address: it has more than one @",
    }
    apply(store, planned)
    assert look(store, "SELECT name FROM person") == [("Li",)]
