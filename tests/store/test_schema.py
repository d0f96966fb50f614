import peewee
import pytest

from saasdesk.store import Store, schema

MODELS = [
    model
    for model in vars(schema).values()
    if isinstance(model, type) and issubclass(model, peewee.Model) and model is not peewee.Model
]


@pytest.mark.parametrize("model", MODELS)
def test_that_each_model_has_exactly_the_columns_of_its_table(store: Store, model: type[peewee.Model]) -> None:
    with store.reading() as db:
        columns = db.execute_sql(f'PRAGMA table_info("{model._meta.table_name}")').fetchall()

    optional = {name for _, name, _, is_required, default, _ in columns if not is_required or default is not None}
    can_be_left_out = {name for name, field in model._meta.columns.items() if field.null or field.default is not None}
    assert set(model._meta.columns) == {column[1] for column in columns}
    assert can_be_left_out <= optional


def test_that_a_model_is_written_and_read_through_a_connection(store: Store) -> None:
    store.write(
        schema.Notice.insert(
            cause="run failed", kind="failed", title="PagerDuty EU failed", body="", first_at="1", last_at="1"
        ).execute
    )

    with store.reading() as db:
        titles = [title for (title,) in schema.Notice.select(schema.Notice.title).tuples().execute(db)]
    assert titles == ["PagerDuty EU failed"]
