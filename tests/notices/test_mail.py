"""Mail over real sockets: taken, refused in every way a server can, and never a password in a sentence."""

import socket
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.notices.mail import MailAccount, MailProblem, Trouble, account_from, connected, message_to
from saasdesk.notices.outbox import send_test
from saasdesk.settings import Settings
from saasdesk.text import is_mail_address
from saasdesk.web import Secret
from saasdesk.web.trust import trust_store
from tests.notices.mail_server import CERTIFICATES, PASSWORD, USER, MailServer, text_of

TO = "it@example.com"


def trusted() -> object:
    return trust_store(CERTIFICATES / "authority.pem")


def problem(account: MailAccount, to: str = TO) -> MailProblem:
    with pytest.raises(MailProblem) as caught:
        send_test(account, to)
    assert PASSWORD not in str(caught.value)
    # What smtplib raised may quote what was sent.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value


# ----- what goes through


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_that_a_test_mail_arrives_over_every_kind_of_connection(security: str) -> None:
    with MailServer(security=security) as server:
        said = send_test(server.account(trust=None if security == "none" else trusted()), TO)

        assert said.startswith(f"localhost:{server.port} took a test mail for {TO}.")
        (message,) = server.messages
        assert (message["From"], message["To"]) == ("saasdesk@example.com", TO)
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"].endswith("@example.com>")


def test_that_a_server_that_asks_who_we_are_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with MailServer(security="starttls", with_login=True) as server:
        send_test(server.account(trust=trusted()), TO)

        assert server.heard_passwords == [PASSWORD]
    assert PASSWORD not in caplog.text


def test_that_letters_of_any_language_arrive() -> None:
    account = MailAccount("localhost", 25, "none", "saasdesk@example.com")
    with MailServer() as server, connected(server.account()) as mailer:
        mailer.send(message_to(account, TO, "“Häuser” failed", "Größe: 7 µm", "<a@example.com>"))

        (message,) = server.messages
        assert message["Subject"] == "“Häuser” failed"
        assert text_of(message) == "Größe: 7 µm\n"


# ----- what does not


def test_that_a_certificate_that_nobody_here_trusts_is_refused_before_the_password_is_sent() -> None:
    for security in ("starttls", "tls"):
        with MailServer(security=security, with_login=True) as server:
            found = problem(server.account(trust=trust_store(None)))

            assert "is not one that this computer trusts" in str(found)
            assert "Settings, Network" in str(found)
            assert server.heard_passwords == []


def test_that_a_certificate_for_another_host_is_refused() -> None:
    with MailServer(security="tls") as server:
        assert "is not one that this computer trusts" in str(problem(server.account(host="127.0.0.1", trust=trusted())))


def test_that_a_wrong_password_is_a_sentence() -> None:
    with MailServer(with_login=True) as server:
        found = problem(server.account(password=Secret("not-the-right-one")))

    assert f"refused to sign in “{USER}”" in str(found)
    assert "not-the-right-one" not in str(found)
    assert found.trouble is Trouble.SERVER


def test_that_a_server_without_starttls_gets_neither_password_nor_mail() -> None:
    with MailServer(with_login=True) as server:
        found = problem(server.account(security="starttls", trust=trusted()))

        assert "does not offer STARTTLS" in str(found)
        assert (server.heard_passwords, server.messages) == ([], [])


def test_that_tls_on_a_port_for_plain_text_says_what_to_try() -> None:
    with MailServer() as server:
        assert "Try STARTTLS" in str(problem(server.account(security="tls", trust=trusted())))


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [("550 5.1.1 No such user", Trouble.REFUSED), ("451 4.7.1 Come back later", Trouble.RECIPIENT)],
)
def test_that_a_refused_recipient_is_named_with_what_the_server_said(reply: str, trouble: Trouble) -> None:
    with MailServer() as server:
        server.refuse[TO] = reply
        found = problem(server.account())

    assert TO in str(found)
    assert reply[4:] in str(found)
    assert found.trouble is trouble


def test_that_a_connection_that_breaks_after_the_mail_may_have_delivered_it() -> None:
    with MailServer() as server:
        server.break_off = True
        assert problem(server.account()).trouble is Trouble.UNSURE


def test_that_a_server_that_is_not_there_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]

    found = problem(MailAccount("127.0.0.1", port, "none", "saasdesk@example.com"))

    assert f"127.0.0.1:{port} cannot be reached" in str(found)


# ----- what cannot be smuggled in


@pytest.mark.parametrize(
    "address",
    [
        "it@example.com\nBcc: all@example.com",
        "it@example.com\r\nBcc: all@example.com",
        "it@example.com, all@example.com",
        "it@example.com;all@example.com",
        "IT <it@example.com>",
        "it@exam\u202eple.com",
        "it@example.com\x00",
        "it",
        "",
    ],
)
def test_that_an_address_that_is_more_than_one_is_refused_before_anything_is_sent(address: str) -> None:
    assert not is_mail_address(address)
    with MailServer() as server:
        assert problem(server.account(), address).trouble is Trouble.REFUSED
        assert server.messages == []


def test_that_a_subject_stays_one_line_whatever_it_is_made_from() -> None:
    account = MailAccount("localhost", 25, "none", "saasdesk@example.com")

    message = message_to(account, TO, "failed\r\nBcc: all@example.com", "text", "<a@example.com>")

    assert message["Subject"] == "failed Bcc: all@example.com"
    assert message["Bcc"] is None


# ----- the settings


def settings(**values: object) -> Settings:
    return Settings.model_validate({"smtp_host": "smtp.example.com", "mail_sender": "desk@example.com", **values})


@pytest.mark.parametrize(
    ("values", "password", "sentence"),
    [
        ({"smtp_host": None}, None, "No mail server is set"),
        ({"mail_sender": None}, None, "Mail has no sender"),
        ({"smtp_security": "none"}, None, "Without TLS everybody on the way to smtp.example.com"),
        ({"smtp_user": "desk"}, None, "The keyring has no password for the mail account “desk”"),
    ],
)
def test_that_an_account_that_lacks_something_says_what(
    values: dict[str, object], password: Secret | None, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        account_from(settings(**values), password)


def test_that_no_tls_is_for_this_computer_only() -> None:
    account = account_from(settings(smtp_host="localhost", smtp_security="none"), None)

    assert account.trust is None


def test_that_an_account_never_shows_its_password(tmp_path: Path) -> None:
    account = account_from(settings(smtp_user="desk"), Secret(PASSWORD))

    assert PASSWORD not in repr(account)
