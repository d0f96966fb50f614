"""The mail account in the settings, against a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from saasdesk.ui.pages.settings import SettingsPage
from saasdesk.ui.widgets.segmented_control import SegmentedControl
from tests.notices.mail_server import PASSWORD, USER, MailServer
from tests.ui.pages.people.desk import Company, Desk, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "profile", 5, runs=0)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(with_login=True) as running:
        yield running


@pytest.fixture
def page(desk: Desk, company: Company) -> SettingsPage:
    made = SettingsPage(
        company.services, desk.frame, desk.theme, desk.bridge, desk.readers, examine=lambda: (), restore=lambda _: None
    )
    desk.show(made)
    made.open("mail")
    desk.qtbot.waitUntil(lambda: made.mail.port.value() == 587)
    return made


def fill(page: SettingsPage, desk: Desk, server: MailServer) -> None:
    """Enter everything as an admin does, from field to field."""
    mail, qtbot = page.mail, desk.qtbot
    for edit, text in (
        (mail.host, "localhost"),
        (mail.user, USER),
        (mail.from_address, "desk@example.com"),
        (mail.password, PASSWORD),
    ):
        edit.setFocus()
        edit.clear()
        qtbot.keyClicks(edit, text)
    mail.security.set_current("none")
    mail.port.setValue(server.port)


def test_that_what_is_entered_works_at_once_and_is_kept(
    page: SettingsPage, desk: Desk, company: Company, server: MailServer
) -> None:
    fill(page, desk, server)
    desk.qtbot.keyClicks(page.mail.address, "it@example.com")

    desk.qtbot.mouseClick(page.mail.test, Qt.MouseButton.LeftButton)

    desk.qtbot.waitUntil(page.mail.test.isEnabled)
    assert page.mail.outcome.status.word == "Sent", page.mail.sentence.text()
    assert [message["To"] for message in server.messages] == ["it@example.com"]
    assert server.heard_passwords == [PASSWORD]
    settings = company.store.settings()
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == ("localhost", server.port, "none")
    assert page.mail.password.text() == ""
    desk.qtbot.waitUntil(lambda: page.mail.password.placeholderText().startswith("In the keyring."))


def test_that_a_server_that_refuses_is_a_sentence_below_the_button(
    page: SettingsPage, desk: Desk, server: MailServer
) -> None:
    fill(page, desk, server)
    page.mail.password.setText("not-the-right-one")

    desk.qtbot.mouseClick(page.mail.test, Qt.MouseButton.LeftButton)

    desk.qtbot.waitUntil(page.mail.test.isEnabled)
    assert page.mail.outcome.status.word == "Not sent"
    assert f"refused to sign in “{USER}”" in page.mail.sentence.text()


def test_that_a_wrong_sender_is_refused_at_its_field_and_nothing_else_is_lost(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    desk.qtbot.keyClicks(page.mail.from_address, "nobody")
    desk.qtbot.keyClick(page.mail.from_address, Qt.Key.Key_Return)

    desk.qtbot.waitUntil(page.mail.fields.errors["mail_sender"].isVisible)
    assert "not a mail address" in page.mail.fields.errors["mail_sender"].message
    assert "mail_sender" not in page.mail.fields.errors["mail_sender"].message
    assert page.mail.from_address.text() == "nobody"
    assert company.store.settings().mail_sender is None


def choose(desk: Desk, control: SegmentedControl, text: str) -> None:
    button = next(each for each in control.findChildren(QPushButton) if each.text() == text)
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_another_protection_brings_its_usual_port_unless_somebody_chose_one(
    page: SettingsPage, desk: Desk, company: Company
) -> None:
    mail = page.mail
    choose(desk, mail.security, "TLS")
    assert mail.port.value() == 465
    desk.qtbot.waitUntil(lambda: company.store.settings().smtp_security == "tls")
    desk.qtbot.waitUntil(lambda: company.store.settings().smtp_port == 465)

    mail.port.setValue(2525)
    choose(desk, mail.security, "STARTTLS")
    assert mail.port.value() == 2525


def test_that_every_field_of_the_mail_account_has_a_name(page: SettingsPage) -> None:
    assert unnamed(page.mail) == []
