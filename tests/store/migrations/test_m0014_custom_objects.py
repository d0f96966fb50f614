from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.store import Store


def test_that_the_location_of_a_person_is_looked_up_among_the_locations(store: Store) -> None:
    with store.reading() as db:
        fields = {field.external_id: field for field in list_fields(db, ObjectKind.PEOPLE)}

    location = fields["location"]
    assert location.type is FieldType.LOCATION
    assert location.lookup is not None
    assert location.lookup.custom_object == "locations"
    assert location.lookup.takes_anything
    assert location.editable
    assert fields["name"].lookup is None
