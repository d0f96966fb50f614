"""The bundled software catalogue."""

import orjson
import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.records.catalogue import FILE, catalogue, find_entry, plain_name, search_entries
from saasdesk.resources import resource


def test_that_the_file_has_at_least_200_entries_of_one_shape() -> None:
    raw = orjson.loads(resource(FILE).read_bytes())

    assert len(raw) >= 200
    for entry in raw:
        assert set(entry) == {"name", "aliases", "vendor", "category"}, entry
        texts = [entry["name"], entry["vendor"], entry["category"], *entry["aliases"]]
        assert all(isinstance(text, str) and text and text == text.strip() for text in texts), entry


def test_that_no_name_or_alias_means_two_applications() -> None:
    names = [plain_name(name) for entry in catalogue() for name in (entry.name, *entry.aliases)]

    assert sorted(names) == sorted(set(names))
    assert all(names)


def test_that_entries_stand_in_the_order_of_their_names() -> None:
    names = [entry.name for entry in catalogue()]

    assert names == sorted(names, key=str.casefold)


def test_that_no_category_holds_but_a_few() -> None:
    categories = [entry.category for entry in catalogue()]

    assert all(categories.count(category) >= 5 for category in set(categories))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("PagerDuty", "PagerDuty"),
        ("  pager duty ", "PagerDuty"),
        ("jira", "Jira"),
        ("Jira Software", "Jira"),
        ("Atlassian Cloud", "Atlassian"),
        ("office-365", "Microsoft 365"),
        ("g suite", "Google Workspace"),
        ("Rocket Chat", "Rocket.Chat"),
    ],
)
def test_that_an_application_is_found_however_it_is_written(typed: str, name: str) -> None:
    found = find_entry(typed)

    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("typed", ["", "  ", "…", "PagerDuty EU", "Our own tool", "Pager🏴Duty", "Pager\u202eDuty"])
def test_that_what_is_not_in_it_is_not_guessed(typed: str) -> None:
    assert find_entry(typed) is None


def test_that_every_connectors_application_is_in_it_under_its_own_name() -> None:
    for connector in CONNECTORS.values():
        found = find_entry(connector.title)
        assert found is not None
        assert found.name == connector.title


def test_that_a_search_puts_the_name_before_what_only_contains_it() -> None:
    found = [entry.name for entry in search_entries("jira")]

    assert found[0] == "Jira"
    assert {"Jira Product Discovery", "Jira Service Management"} <= set(found)


def test_that_a_vendor_leads_to_its_applications() -> None:
    assert {"Slack", "Salesforce"} <= {entry.name for entry in search_entries("salesforce")}


def test_that_a_search_for_nothing_shows_the_beginning_and_one_for_nonsense_nothing() -> None:
    assert search_entries("", limit=3) == list(catalogue()[:3])
    assert search_entries("zzzqqq") == []
