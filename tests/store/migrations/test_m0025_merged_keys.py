from saasdesk.store import Store


def test_that_a_value_leads_to_one_record(store: Store) -> None:
    with store.reading() as db:
        keys = [
            name for name, is_key in db.execute_sql("SELECT name, pk FROM pragma_table_info('merged_key')") if is_key
        ]

    assert keys == ["object", "field", "key"]
