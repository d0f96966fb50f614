from collections.abc import Callable
from datetime import timedelta

import orjson
import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.faults import FaultKind
from tests.simulator.conftest import TODAY, Client

Ask = Callable[..., Client]


def by_id(client: Client) -> dict[str, dict[str, object]]:
    return {str(user["id"]): user for user in client.listing()}


def test_that_two_simulations_with_one_seed_tell_the_same(
    start: Callable[..., Simulator], connect: Callable[..., Client]
) -> None:
    first, second = (connect(start(300, seed=3)) for _ in range(2))

    assert first.listing() == second.listing()
    assert first.simulator.key() == second.simulator.key()
    assert first.simulator.truth("pagerduty") == second.simulator.truth("pagerduty")


def test_that_two_readings_are_byte_for_byte_the_same(ask: Ask) -> None:
    client = ask(100)

    assert client.get("/users", limit=100).body == client.get("/users", limit=100).body


def test_that_what_is_prepared_is_what_would_have_been_answered(ask: Ask) -> None:
    client = ask(100)
    before = client.get("/users", limit=100).body

    client.simulator.prepare()

    assert client.get("/users", limit=100).body == before


def test_that_the_truth_of_churn_is_exactly_what_a_listing_shows_changed(ask: Ask) -> None:
    client = ask(300)
    for _ in range(4):
        before = by_id(client)
        churn = client.simulator.churn(0.1)["pagerduty"]
        after = by_id(client)

        assert set(churn.created) == after.keys() - before.keys()
        assert set(churn.gone) == before.keys() - after.keys()
        changed = {made: user for made, user in after.items() if made in before and before[made] != user}
        assert changed.keys() == churn.changed.keys()
        for made, keys in churn.changed.items():
            for key in keys.keys() - {"last_sign_in_at", "licence"}:
                assert keys[key] == (before[made].get(key), after[made].get(key))


def test_that_churn_changes_roles_titles_names_and_addresses(ask: Ask) -> None:
    churn = ask(300).simulator.churn(0.1)["pagerduty"]

    assert {"role", "job_title", "name", "email"} <= {key for keys in churn.changed.values() for key in keys}
    assert len(churn.changed) + len(churn.created) + len(churn.gone) == 30


def test_that_everybody_who_churns_is_seen_to_change_at_the_vendor(ask: Ask) -> None:
    simulator = ask(400).simulator
    for _ in range(8):
        size = len(simulator.company.serials)
        churn = simulator.churn(0.25)["pagerduty"]
        assert len(churn.changed) + len(churn.created) + len(churn.gone) == int(size * 0.25 + 0.5)


def test_that_a_listing_churns_the_company_before_the_next_one_only(ask: Ask) -> None:
    client = ask(250, churn=0.1)

    first = by_id(client)
    assert first.keys() == {account.id for account in client.simulator.truth("pagerduty")}
    # A probe, a single user and the extras belong to no listing.
    client.get("/users", limit=1)
    client.get("/license_allocations", limit=100)
    assert first.keys() == {account.id for account in client.simulator.truth("pagerduty")}

    second = by_id(client)
    assert first != second
    assert second.keys() == {account.id for account in client.simulator.truth("pagerduty")}


def test_that_a_listing_that_was_given_up_churns_nothing(ask: Ask) -> None:
    client = ask(250, churn=0.1)
    first = client.get("/users", limit=100).body

    assert client.get("/users", limit=100).body == first


def test_that_without_churn_nothing_changes_between_listings(ask: Ask) -> None:
    client = ask(250)

    assert client.listing() == client.listing()


def test_that_the_truth_is_told_over_http(ask: Ask) -> None:
    client = ask(250)

    told = client.ask("GET", "/_truth/pagerduty").json

    truth = client.simulator.truth("pagerduty")
    assert told["total"] == told["active"] == sum(told["by_role"].values()) == 250
    assert told["by_role"]["owner"] == 1
    assert told["ids"] == [account.id for account in truth]
    assert told["signed_in"] == sum(account.last_activity is not None for account in truth)
    assert "accounts" not in told


def test_that_every_account_is_told_over_http_when_asked(ask: Ask) -> None:
    client = ask(20)

    accounts = client.ask("GET", "/_truth/pagerduty?accounts=true").json["accounts"]

    told = [Account(**{**account, "licences": tuple(account["licences"])}) for account in accounts]
    assert told == client.simulator.truth("pagerduty")


def test_that_every_key_is_told_over_http_with_the_region_it_is_good_in(ask: Ask) -> None:
    client = ask(5)

    keys = client.ask("GET", "/_truth/keys").json["pagerduty"]

    target = keys.pop("eu_base_url").partition(str(client.simulator.port))[2] + "/users"
    statuses = {
        kind: client.ask("GET", target, Authorization=f"Token token={key}").status for kind, key in keys.items()
    }
    assert {kind for kind, status in statuses.items() if status == 200} == {"eu"}


def test_that_churn_can_be_asked_for_over_http_and_is_told_again(ask: Ask) -> None:
    client = ask(250)

    done = client.ask("POST", "/_control/churn?fraction=0.1").json["pagerduty"]

    again = client.ask("GET", "/_truth/pagerduty/churn").json
    assert again == {"rounds": 1, **done}
    assert len(done["changed"]) + len(done["created"]) + len(done["gone"]) == 25


@pytest.mark.parametrize("fraction", ["", "x", "2", "-0.1", "nan"])
def test_that_a_senseless_fraction_is_refused(ask: Ask, fraction: str) -> None:
    client = ask(250)

    assert client.ask("POST", f"/_control/churn?fraction={fraction}").status == 400


def test_that_faults_can_be_switched_over_http(ask: Ask) -> None:
    client = ask(250)

    client.ask("POST", "/_control/fault?kind=status&page=2&status=503&times=1")
    assert client.get("/users", limit=100, offset=100).status == 503
    assert client.get("/users", limit=100, offset=100).status == 200

    client.ask("POST", "/_control/fault?kind=web_page&endpoint=")
    assert client.get("/abilities").headers["content-type"].startswith("text/html")
    client.ask("POST", "/_control/clear")
    assert client.get("/abilities").status == 200


@pytest.mark.parametrize("query", ["", "kind=unheard_of", "kind=status&sTatus=1", "kind=status&page=x"])
def test_that_a_senseless_fault_is_refused(ask: Ask, query: str) -> None:
    client = ask(5)

    assert client.ask("POST", f"/_control/fault?{query}").status == 400
    assert client.get("/users").status == 200


def test_that_every_fault_has_a_name_to_be_asked_for(ask: Ask) -> None:
    client = ask(5)

    for kind in FaultKind:
        assert client.ask("POST", f"/_control/fault?kind={kind.value}&endpoint=none").json["kind"] == kind.value


def test_that_the_requests_are_counted_over_http(ask: Ask) -> None:
    client = ask(250)
    client.listing()

    told = client.ask("GET", "/_truth/requests").json

    expected = {"vendor": "pagerduty", "method": "GET", "endpoint": "users", "status": 200, "count": 3}
    assert told["counts"] == [expected]


@pytest.mark.parametrize("target", ["/", "/_truth/unheard", "/_control/churn", "/favicon.ico"])
def test_that_nothing_is_served_elsewhere(ask: Ask, target: str) -> None:
    assert ask(5).ask("GET", target).status == 404


def test_that_a_with_block_starts_and_stops() -> None:
    with Simulator(5, today=TODAY) as simulator:
        client = Client(simulator)
        assert len(client.listing()) == 5
        client.close()


def test_that_a_hundred_thousand_people_are_there_without_being_made(
    start: Callable[..., Simulator], connect: Callable[..., Client]
) -> None:
    client = connect(start(100_000))

    page = client.get("/users", limit=100, offset=9_900, total="true").json

    assert (len(page["users"]), page["total"], page["more"]) == (100, 100_000, True)


def test_that_on_another_day_nobody_was_seen_later_and_most_were_seen_shortly_before(
    start: Callable[..., Simulator],
) -> None:
    simulator = start(200)
    simulator.prepare()
    day = TODAY - timedelta(days=60)

    simulator.turn_to(day)

    accounts = simulator.atlassian.accounts
    seen = [str(orjson.loads(accounts.render(serial)).get("last_active") or "") for serial in accounts.serials()]
    assert max(seen) < day.isoformat()
    assert sum(each >= (day - timedelta(days=11)).isoformat() for each in seen) > len(seen) / 3
