"""The help articles of four vendors, followed step by step in the window; what came of it is what the vendor has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from saasdesk.app.window import WindowDesk
from saasdesk.credentials import Vault
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.store import Store
from tests.walks.articles import ARTICLES, Walk
from tests.walks.hands import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile", demo=True)) as opened:
        yield opened


@pytest.fixture
def desk(store: Store, qapp: QApplication) -> Iterator[WindowDesk]:
    opened = WindowDesk(qapp, Services(store.profile, store, Vault(store)))
    opened.window.resize(1280, 800)
    opened.open()
    opened.window.activateWindow()
    wait_until(opened.window.isActiveWindow, "the window")
    yield opened
    opened.close()
    qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    qapp.processEvents()


@pytest.mark.parametrize("vendor", sorted(ARTICLES))
def test_that_the_article_of_a_vendor_ends_in_right_records(desk: WindowDesk, store: Store, vendor: str) -> None:
    article = ARTICLES[vendor]
    with Simulator(40) as simulator:
        Walk(desk, store, article, simulator.access()[vendor]).go()

    with store.reading() as db:
        people = db.execute_sql("SELECT count(*), count(email), count(DISTINCT email__key) FROM person").fetchone()
        roles = {role for (role,) in db.execute_sql("SELECT DISTINCT role FROM person")}
        accounts = db.execute_sql("SELECT count(*) FROM saas_user WHERE archived = 0").fetchone()[0]
        failed = db.execute_sql("SELECT count(*) FROM session_error").fetchone()[0]
    assert people[0] == people[1] == people[2] > 10
    assert roles == {"Employee"}
    assert accounts >= people[0] - 1
    assert failed == 0
