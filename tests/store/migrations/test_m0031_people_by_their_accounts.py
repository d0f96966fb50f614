"""What lists tell of a person's accounts and licences comes from indexes alone."""

import pytest

from saasdesk.fields import ObjectKind
from saasdesk.licences.priced_lists.rows import cost_of_person
from saasdesk.licences.prices import Tariff, TariffLine
from saasdesk.records.listing.rows.expressions import COMPUTED
from saasdesk.store import Store

PEOPLE = COMPUTED[ObjectKind.PEOPLE]
PRICES = (TariffLine(1, "product", "Business", 990, ""), TariffLine(1, "role", "Admin", 1_990, ""))


@pytest.mark.parametrize(
    "sql",
    [
        PEOPLE["last_activity"].shown,
        PEOPLE["active_accounts"].shown,
        PEOPLE["working_accounts"].shown,
        PEOPLE["active_licences"].shown,
        cost_of_person(Tariff("EUR", PRICES)).shown,
    ],
)
def test_that_no_account_and_no_licence_is_looked_at(store: Store, sql: str) -> None:
    with store.reading() as db:
        plan = [row[-1] for row in db.execute_sql(f"EXPLAIN QUERY PLAN SELECT {sql} FROM person r")]

    searches = [step for step in plan if step.startswith(("SEARCH u ", "SEARCH l "))]
    assert searches
    assert all("USING COVERING INDEX" in step for step in searches)
