"""What keeps the window from opening is said where somebody sees it, and what was there is there again."""

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from saasdesk.app import window
from saasdesk.app.window import Wish, open_window
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.store import NewerDatabase, Store
from saasdesk.ui.dialogs.failure import tell_failure
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.question import Question

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(window, "tell_failure", lambda _theme, title, sentence: found.append((title, sentence)))
    return found


def test_that_a_restore_that_fails_says_why_and_opens_what_was_there(
    qapp: QApplication, profile_dir: Path, told: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(open_profile(profile_dir)) as store:
        store.save_setting("currency", "USD")
    broken = profile_dir / "broken.db"
    broken.write_text("no database at all")
    opened: list[str] = []

    def show(_application: QApplication, services: Services, fill: object = ()) -> None:
        opened.append(services.store.settings().currency)

    monkeypatch.setattr(window, "show_services", show)

    code = open_window(lambda: open_profile(profile_dir), first=Wish(restore=broken))

    assert code == 0
    ((title, sentence),) = told
    assert title == "The backup was not restored"
    assert "is not a saasdesk database" in sentence
    assert opened == ["USD"]


def test_p13_that_a_database_of_a_newer_version_is_told_of_in_a_window(
    qapp: QApplication, profile_dir: Path, told: list[tuple[str, str]]
) -> None:
    Store.open(open_profile(profile_dir)).close()
    with sqlite3.connect(open_profile(profile_dir).database) as db:
        db.execute("PRAGMA user_version = 9999")
    db.close()

    with pytest.raises(NewerDatabase) as refused:
        open_window(lambda: open_profile(profile_dir))

    assert told == [("saasdesk cannot be opened", str(refused.value))]


def test_that_the_words_are_shown_until_they_are_closed(qapp: QApplication) -> None:
    seen: list[str] = []
    theme = Theme(qapp)

    def close() -> None:
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        seen.append(f"{question.windowTitle()}: {question.text.text()}")
        question.reject()

    QTimer.singleShot(0, close)
    tell_failure(theme, "The backup was not restored", "The disk is full.")

    theme.deleteLater()
    assert seen == ["The backup was not restored: The disk is full."]
