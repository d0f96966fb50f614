from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store


def test_that_an_application_can_name_its_entry_of_the_catalogue(store: Store) -> None:
    with store.reading() as db:
        fields = [field.external_id for field in list_fields(db, ObjectKind.SAAS_APPLICATIONS)]
        columns = {row[1] for row in db.execute_sql("PRAGMA table_info(saas_application)")}

    assert fields == ["name", "vendor", "category", "catalogue_entry"]
    assert "catalogue_entry" in columns
