from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store


def test_that_a_licence_can_say_why_it_is_nobodys(store: Store) -> None:
    with store.reading() as db:
        fields = [field.external_id for field in list_fields(db, ObjectKind.LICENCES)]
        columns = {row[1] for row in db.execute_sql("PRAGMA table_info(licence)")}

    assert fields[-1] == "held_by"
    assert "held_by" in columns
