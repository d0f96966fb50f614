import pytest

from saasdesk.store import Store

RECORDS = {
    "people": "person",
    "saas_users": "saas_user",
    "licences": "licence",
    "saas_applications": "saas_application",
}


def columns_of(store: Store, table: str) -> set[str]:
    with store.reading() as db:
        return {row[1] for row in db.execute_sql(f"PRAGMA table_info({table})")}


@pytest.mark.parametrize(("kind", "table"), RECORDS.items())
def test_that_the_fields_that_are_there_from_the_start_have_their_columns(store: Store, kind: str, table: str) -> None:
    columns = columns_of(store, table)

    with store.reading() as db:
        fields = db.execute_sql("SELECT external_id, is_unique FROM field WHERE object = ?", (kind,)).fetchall()

    # A licence names its SaaS user by the vendor's id, and keeps a reference to the record.
    assert {name for name, _ in fields} - columns <= ({"saas_user_id"} if kind == "licences" else set())
    assert {f"{name}__key" for name, is_unique in fields if is_unique} <= columns


@pytest.mark.parametrize("table", RECORDS.values())
def test_that_every_record_says_where_it_comes_from_and_whether_it_is_active(store: Store, table: str) -> None:
    assert {"id", "owner_integration", "created_at", "deactivated", "deactivated_reason", "archived"} <= columns_of(
        store, table
    )


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'x'", "DELETE FROM audit"])
def test_p16_that_no_audit_row_is_changed_or_deleted(store: Store, statement: str) -> None:
    store.save_setting("zoom", "110")

    with pytest.raises(Exception, match="audit rows are never"):
        store.write(lambda db: db.execute_sql(statement))
