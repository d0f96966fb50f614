from saasdesk.store import Store


def test_that_credentials_and_variables_have_their_new_columns(store: Store) -> None:
    with store.reading() as db:
        credential = {row[1] for row in db.execute_sql("PRAGMA table_info(credential)")}
        variable = {row[1] for row in db.execute_sql("PRAGMA table_info(variable)")}

    assert {"owner", "notes", "last_test"} <= credential
    assert "secret" in variable
