import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.credentials import Vault
from saasdesk.licences.seats import read_findings
from saasdesk.notices import News, NoticeKind, settle, tell
from saasdesk.notices.notices import list_notices, mark_read
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.pages.home.attention import Attention, read_attention
from saasdesk.workflows.held import settle_held

AT = "2026-03-02T08:00:00Z"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with Store.open(open_profile(tmp_path / "profile")) as store:
        yield Services(store.profile, store, Vault(store))


def attention(services: Services) -> list[Attention]:
    return read_attention(services, read_findings(services.store), threading.Event())


def test_that_an_empty_profile_needs_no_attention(services: Services) -> None:
    assert attention(services) == []


def test_that_a_workflow_that_is_held_waits_here_until_it_ran_or_was_taken_back(services: Services) -> None:
    body = "3 of 9 records exceed the caps. Look at its plan and run it by hand."
    news = News("workflow-held:Leavers", NoticeKind.WORKFLOW, "“Leavers” waits for you", body, "workflow_plan:4")
    services.store.write(lambda db: tell(db, news, AT))

    (found,) = attention(services)

    assert (found.title, found.detail) == ("“Leavers” waits for you", "3 of 9 records exceed the caps")
    assert (found.page, found.argument) == ("workflow_plan", 4)
    mark_read(services.store, list_notices(services.store)[0].id)
    assert len(attention(services)) == 1, "reading of it decides nothing"
    services.store.write(lambda db: settle_held(db, "Leavers"))
    assert attention(services) == []


def test_that_mail_that_is_stuck_is_told_until_its_cause_is_gone(services: Services) -> None:
    news = News("mail:account", NoticeKind.MAIL, "Mail does not go out", "The server is away.", "settings")
    services.store.write(lambda db: tell(db, news, AT))

    assert [each.title for each in attention(services)] == ["Mail does not go out"]
    services.store.write(lambda db: settle(db, "mail", AT))
    assert attention(services) == []
