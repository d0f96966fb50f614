"""The audit log in Activity: what it lists, what a row opens, and what Verify says."""

import re
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import saasdesk
from saasdesk.reports.audit_log import Entry
from saasdesk.store.audit import record
from saasdesk.ui.pages.activity import ActivityPage
from saasdesk.ui.pages.activity.audit_places import _PAGES, place_of_entry
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_the_log_lists_the_last_days_opens_what_it_names_and_says_whether_it_is_whole(whole: Whole) -> None:
    session = whole.office.run().session
    whole.show("activity", "audit")
    page = whole.window.page("activity")
    assert isinstance(page, ActivityPage)
    audit = page.audit
    whole.wait(lambda: not audit.table.is_reading and audit.table.model.rowCount() > 0)
    assert audit.table.filters.chips[0].text().endswith("is within the last 7 days")
    newest = audit.table.model.ids_of([range(1)])[0]

    whole.qtbot.mouseClick(audit.verify_button, Qt.MouseButton.LeftButton)
    assert not audit.verify_button.isEnabled()
    whole.wait(audit.banner.isVisible)
    assert audit.banner.text.startswith(f"The audit log is whole. {newest} rows from ")
    assert "the changes of 1 run are" in audit.banner.text
    assert audit.verify_button.isEnabled()

    audit.table.opened.emit(newest)
    whole.wait(lambda: page.view.contents is not None and page.view.contents.session.id == session)

    whole.office.store.write(lambda db: record(db, "variable.set", "region", {"before": None, "after": "eu"}))
    whole.show("activity", "audit")
    audit.table.opened.emit(newest + 1)
    whole.wait(lambda: whole.window._page is whole.window.page("configuration"))

    with sqlite3.connect(whole.office.store.profile.database) as db:
        db.execute("DROP TRIGGER audit_is_never_changed")
        db.execute("UPDATE audit SET subject = 'another' WHERE id = 2")
    whole.show("activity", "audit")
    audit.verify()
    whole.wait(lambda: audit.banner.isVisible() and audit._job is None)
    assert audit.banner.text.startswith(
        "Audit row 2 was edited. What stands from there on proves nothing any more. Compare with a backup"
    )
    whole.qtbot.mouseClick(audit.banner.findChildren(type(audit.cancel_button))[0], Qt.MouseButton.LeftButton)
    whole.wait(lambda: not audit.table.is_reading)
    assert 2 in audit.table.model.ids_of([range(audit.table.model.rowCount())])


def test_that_whatever_the_log_tells_of_has_a_place() -> None:
    source = "".join(file.read_text("utf-8") for file in Path(saasdesk.__file__).parent.rglob("*.py"))
    areas = set(re.findall(r'(?:record|note)\(\s*\w+(?:\.\w+)?,\s*f?"([a-z_]+)\.', source))

    assert len(areas) > 20
    assert areas - {"account"} <= _PAGES.keys()


def test_that_a_row_opens_what_it_names_or_the_page_where_it_was(whole: Whole) -> None:
    store = whole.office.store
    whole.office.run()

    def place(action: str, subject: str = "", **detail: object) -> object:
        return place_of_entry(store, Entry(action, subject, detail))

    assert place("integration.changed", "PagerDuty users") == ("integration", 1)
    assert place("integration.deleted", "PagerDuty users") == ("integrations", None)
    assert place("integration.changed", "Gone") == ("integrations", None)
    assert place("application.changed", "pagerduty") == ("software", 1)
    assert place("record.edited", "Ann", object="people", record=3) == ("person", 3)
    assert place("account.matched", "Ann", account=1) == ("person", 1)
    assert place("credential.added", "pd key") == ("configuration", "credentials:pd key")
    assert place("credential.removed", "pd key") == ("configuration", "credentials")
    assert place("session.undone", "PagerDuty users", session=1) == ("activity", 1)
    assert place("something.else") is None
