"""Which page a window opens with."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from saasdesk.app.window import WindowDesk
from saasdesk.credentials import Vault
from saasdesk.fields import ObjectKind
from saasdesk.profile import open_profile
from saasdesk.records.editing.editing import add_record
from saasdesk.services import Services
from saasdesk.store import Store

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def title_of_first_page(qapp: QApplication, store: Store) -> str:
    desk = WindowDesk(qapp, Services(store.profile, store, Vault(store)))
    try:
        desk.open()
        return desk.window.windowTitle()
    finally:
        desk.close()
        qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))


def test_that_whoever_has_imported_people_is_not_welcomed_as_if_there_was_nothing(
    qapp: QApplication, profile_dir: Path
) -> None:
    with Store.open(open_profile(profile_dir)) as store:
        assert title_of_first_page(qapp, store) == "Welcome — saasdesk"

        add_record(store, ObjectKind.PEOPLE, {"username": "zoe", "email": "zoe@example.com", "role": "Employee"})

        assert title_of_first_page(qapp, store) == "Home — saasdesk"
