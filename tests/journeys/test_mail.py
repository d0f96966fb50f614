"""Mail from a shell with a real keyring, to a real mail server: a failed run reaches its contacts, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import NAME, Shell, Vendors
from tests.notices.mail_server import PASSWORD, USER, MailServer, text_of

pytestmark = pytest.mark.journey

CONTACT = "it@example.com"


@pytest.fixture
def vendors(desktop: Desktop) -> Iterator[Vendors]:
    with Vendors(desktop, people=30) as served:
        yield served


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(with_login=True) as running:
        yield running


@pytest.fixture
def shell(desktop: Desktop, vendors: Vendors, server: MailServer, tmp_path: Path) -> Shell:
    """An integration with a contact, and a mail account whose password lies in the keyring."""
    made = Shell(desktop, tmp_path)
    made.connect(vendors, contacts=[CONTACT])
    for key, value in {
        "smtp_host": "localhost",
        "smtp_port": server.port,
        "smtp_security": "none",
        "smtp_user": USER,
        "mail_sender": "desk@example.com",
    }.items():
        made.run("setting", "set", key, str(value))
    made.run("mail", "password", input=f"{PASSWORD}\n")
    return made


def test_that_a_failed_run_reaches_its_contact_when_what_is_due_runs_next(
    shell: Shell, vendors: Vendors, server: MailServer
) -> None:
    vendors.fault("status", status=401)
    shell.sync(exit_code=3)

    shell.run("run", "--due")
    shell.run("run", "--due")

    (message,) = server.messages
    assert (message["To"], message["Subject"]) == (CONTACT, f"saasdesk: “{NAME}” failed")
    assert shell.json("notices", "--unread")[0]["body"] in text_of(message).replace("\n", " ")


def test_p07_that_the_password_of_the_mail_account_is_in_no_file_and_in_no_output(
    shell: Shell, server: MailServer
) -> None:
    shell.run("mail", "test", CONTACT, "--debug")
    server.refuse[CONTACT] = f"550 I know that your password is {PASSWORD}"
    shell.run("mail", "test", CONTACT, "--debug", exit_code=1)
    shell.run("mail", "list")
    shell.run("setting", "list")

    assert server.heard_passwords == [PASSWORD, PASSWORD]
    assert not any(PASSWORD in said for said in shell.said)
    assert not [file for file in shell.files() if PASSWORD.encode() in file.read_bytes()]
