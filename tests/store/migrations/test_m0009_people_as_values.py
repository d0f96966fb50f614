from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store


def test_that_a_manager_is_a_person(store: Store) -> None:
    with store.reading() as db:
        types = {field.external_id: field.type for field in list_fields(db, ObjectKind.PEOPLE)}

    assert types["manager"] is FieldType.PERSON
    assert types["name"] is FieldType.SHORT_TEXT
