"""What lies in a database: whether anything does."""

from saasdesk.fields import ObjectKind
from saasdesk.records.editing.editing import add_record
from saasdesk.store import Store
from saasdesk.store.contents import is_untouched


def test_that_a_new_profile_is_untouched_until_somebody_is_in_it(store: Store) -> None:
    assert is_untouched(store)

    add_record(store, ObjectKind.PEOPLE, {"username": "zoe", "email": "zoe@example.com", "role": "Employee"})

    assert not is_untouched(store)
