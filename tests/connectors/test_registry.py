from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from saasdesk.connectors import CONNECTORS, BrokenConnector, Registry, connector
from saasdesk.connectors.pagerduty import PAGERDUTY
from saasdesk.errors import UserError

ACME = replace(PAGERDUTY, key="acme", title="Acme")
IMPOSTOR = replace(PAGERDUTY, title="Impostor")
NOT_A_CONNECTOR = "acme"
HERE = __name__


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, f"{HERE}:{value}" if ":" not in value else value, "saasdesk.connectors")


class Found:
    """Entry points that notes when they were looked for."""

    def __init__(self, *entries: EntryPoint) -> None:
        self.entries = entries
        self.looks = 0

    def __call__(self) -> Iterable[EntryPoint]:
        self.looks += 1
        return self.entries


def test_that_our_own_connectors_need_nobody_elses() -> None:
    found = Found(entry("acme", "ACME"))

    assert Registry((PAGERDUTY,), found)["pagerduty"] is PAGERDUTY
    assert found.looks == 0


def test_that_a_third_party_connector_is_found_and_loaded_once() -> None:
    found = Found(entry("acme", "ACME"))
    registry = Registry((PAGERDUTY,), found)

    assert registry["acme"] is ACME
    assert set(registry) == {"pagerduty", "acme"}
    assert len(registry) == 2
    assert found.looks == 1
    assert registry.broken == ()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (entry("gone", "no_such_module_anywhere:X"), "No module named"),
        (entry("gone", "NO_SUCH_NAME"), "AttributeError"),
        (entry("gone", "NOT_A_CONNECTOR"), "is no Connector but a str"),
        (entry("gone", "ACME"), "has the key “acme”, but is registered as “gone”"),
        (entry("pagerduty", "IMPOSTOR"), "There already is a connector “pagerduty”"),
    ],
)
def test_that_a_broken_one_is_reported_and_leaves_the_others_alone(broken: EntryPoint, reason: str) -> None:
    registry = Registry((PAGERDUTY,), Found(broken, entry("acme", "ACME")))

    assert set(registry) == {"pagerduty", "acme"}
    assert registry["pagerduty"] is PAGERDUTY
    (report,) = registry.broken
    assert isinstance(report, BrokenConnector)
    assert report.name == broken.name
    assert reason in report.reason


def test_that_an_unknown_connector_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"“pagerdutty” is not a connector here\. Known: .*pagerduty"):
        connector("pagerdutty")


def test_that_pagerduty_is_there() -> None:
    assert connector("pagerduty") is CONNECTORS["pagerduty"] is PAGERDUTY
