"""`saasdesk mail`, and the mail of `run --due`, against a real server."""

from collections.abc import Iterator

import pytest

from saasdesk.simulator.control import Simulator
from saasdesk.simulator.faults import FaultKind
from tests.cli.conftest import NAME, CommandLine, spoil
from tests.notices.mail_server import PASSWORD, USER, MailServer, text_of


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer(with_login=True) as running:
        yield running


@pytest.fixture
def mailing(connected: CommandLine, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A profile with a mail account; its password comes from the environment, as on a machine without a keyring."""
    for key, value in {
        "smtp_host": "localhost",
        "smtp_port": str(server.port),
        "smtp_security": "none",
        "smtp_user": USER,
        "mail_sender": "desk@example.com",
    }.items():
        connected.ok("setting", "set", key, value)
    monkeypatch.setenv("SAASDESK_MAIL_ACCOUNT_PASSWORD", PASSWORD)
    return connected


def test_that_a_test_mail_says_that_it_was_taken(mailing: CommandLine, server: MailServer) -> None:
    said = mailing.ok("mail", "test", "it@example.com")

    assert said.startswith(f"localhost:{server.port} took a test mail for it@example.com.")
    assert server.messages[0]["To"] == "it@example.com"


def test_that_a_wrong_password_is_a_sentence_without_it(mailing: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAASDESK_MAIL_ACCOUNT_PASSWORD", "not-the-right-one")

    done = mailing.do("mail", "test", "--debug")

    assert done.code == 1
    assert "refused to sign in" in done.sentence
    assert "not-the-right-one" not in done.out + done.err


def test_that_without_a_keyring_no_password_is_kept_anywhere(
    mailing: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.type("correct-horse\n")

    assert mailing.do("mail", "password").code == 3
    written = b"".join(file.read_bytes() for file in mailing.profile.rglob("*") if file.is_file())
    assert b"correct-horse" not in written


def test_that_a_failed_run_is_mailed_to_its_contacts_by_the_next_run_of_what_is_due(
    mailing: CommandLine, server: MailServer, simulator: Simulator
) -> None:
    file = mailing.profile.parent / "integration.toml"
    text = mailing.ok("integration", "export", NAME)
    file.write_text(f'contacts = ["it@example.com"]\n{text}')
    mailing.ok("integration", "apply", file)
    spoil(simulator, FaultKind.STATUS, status=401)
    mailing.do("run", NAME)
    assert [(mail["to"], mail["sent_at"]) for mail in mailing.json("mail", "list")] == [("it@example.com", None)]

    mailing.do("run", "--due")

    (message,) = server.messages
    assert message["Subject"] == f"saasdesk: “{NAME}” failed"
    assert "key" in text_of(message)
    assert mailing.json("mail", "list")[0]["sent_at"]
