"""What lists tell of a person's accounts comes from the index alone."""

import pytest

from saasdesk.fields import ObjectKind
from saasdesk.records.listing.rows.expressions import COMPUTED
from saasdesk.store import Store


@pytest.mark.parametrize("column", ["last_activity", "active_accounts", "working_accounts"])
def test_that_no_account_is_looked_at(store: Store, column: str) -> None:
    with store.reading() as db:
        sql = COMPUTED[ObjectKind.PEOPLE][column].shown
        plan = db.execute_sql(f"EXPLAIN QUERY PLAN SELECT {sql} FROM person r").fetchall()

    assert "SEARCH u USING COVERING INDEX saas_user_person (person=?)" in [row[-1] for row in plan]
