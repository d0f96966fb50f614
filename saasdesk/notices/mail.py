"""The only way out for mail: one account, one connection, and a sentence for whatever a mail server refuses."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import Enum
from pathlib import Path
from typing import Literal

from saasdesk.clock import now
from saasdesk.errors import ExitCode, UserError
from saasdesk.settings import Settings
from saasdesk.text import is_mail_address, visible_text
from saasdesk.web import REDACTOR, Secret
from saasdesk.web.origin import is_loopback_name
from saasdesk.web.trust import trust_store

# One answer of the server, not the whole exchange.
_ANSWER_SECONDS = 30.0
_LONGEST_REPLY = 200
_KINDS = {
    ".csv": ("text", "csv"),
    ".pdf": ("application", "pdf"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class Trouble(Enum):
    """What a failure means for the mail that waits."""

    SERVER = "nothing goes through for now"
    RECIPIENT = "nothing goes to this recipient for now"
    REFUSED = "nothing will ever go to this recipient"
    UNSURE = "the connection broke while the message was handed over"


class MailProblem(UserError):
    """The server did not take it; the sentence says why, and what to do."""

    def __init__(self, sentence: str, trouble: Trouble = Trouble.SERVER) -> None:
        super().__init__(sentence, ExitCode.PARTLY)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A server that takes our mail, and how we sign in there."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None = None
    password: Secret | None = None
    trust: ssl.SSLContext | None = None

    @property
    def server(self) -> str:
        """The server as sentences name it."""
        return f"{self.host}:{self.port}"


def account_from(settings: Settings, password: Secret | None) -> MailAccount:
    """The account that the settings describe, or a sentence on what they lack."""
    if settings.smtp_host is None:
        raise UserError("No mail server is set. Enter it in Settings, Mail, or: saasdesk setting set smtp_host HOST")
    if settings.mail_sender is None:
        raise UserError("Mail has no sender. Enter one in Settings, Mail, or: saasdesk setting set mail_sender ADDRESS")
    if settings.smtp_security == "none" and not is_loopback_name(settings.smtp_host):
        raise UserError(
            f"Without TLS everybody on the way to {settings.smtp_host} could read the password and the mail. "
            "Choose STARTTLS or TLS; “none” is for a server on this computer."
        )
    if settings.smtp_user is not None and password is None:
        raise UserError(
            f"The keyring has no password for the mail account “{settings.smtp_user}”. Enter it in Settings, Mail.",
            ExitCode.CREDENTIAL,
        )
    return MailAccount(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.mail_sender,
        settings.smtp_user,
        password,
        None if settings.smtp_security == "none" else trust_store(settings.extra_ca),
    )


def new_message_id(sender: str) -> str:
    """An id that no other message has."""
    return make_msgid(domain=sender.rpartition("@")[2])


def message_to(
    account: MailAccount,
    recipient: str,
    subject: str,
    body: str,
    message_id: str,
    attachments: Sequence[Path] = (),
) -> EmailMessage:
    """A plain text message with files beside it; no answer from a machine comes back to it."""
    if not is_mail_address(recipient):
        shown = visible_text(recipient)
        raise MailProblem(f"“{shown}” is not a mail address. Correct it among the contacts.", Trouble.REFUSED)
    message = EmailMessage()
    message["From"] = account.sender
    message["To"] = recipient
    # On one line, whatever it was made from.
    message["Subject"] = visible_text(" ".join(subject.split()))
    message["Date"] = format_datetime(now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(visible_text(body, keep_line_breaks=True))
    for file in attachments:
        main, sub = _KINDS.get(file.suffix.lower(), ("application", "octet-stream"))
        message.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=file.name)
    return message


class Mailer:
    """An open connection to the mail server."""

    def __init__(self, account: MailAccount, connection: smtplib.SMTP) -> None:
        self._account, self._connection = account, connection

    def send(self, message: EmailMessage) -> None:
        """Hand a message over; raises MailProblem unless the server has taken it."""
        try:
            self._connection.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise _problem(self._account, error, str(message["To"])) from None


@contextmanager
def connected(account: MailAccount) -> Iterator[Mailer]:
    """Connect, protect the connection, sign in; every failure is a MailProblem."""
    if account.password is not None:
        REDACTOR.add(account.password)
    connection: smtplib.SMTP | None = None
    try:
        connection = _connect(account)
        _sign_in(account, connection)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        if connection is not None:
            connection.close()
        raise _problem(account, error) from None
    try:
        yield Mailer(account, connection)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


def _connect(account: MailAccount) -> smtplib.SMTP:
    if account.security == "tls":
        return smtplib.SMTP_SSL(account.host, account.port, timeout=_ANSWER_SECONDS, context=account.trust)
    connection = smtplib.SMTP(account.host, account.port, timeout=_ANSWER_SECONDS)
    if account.security == "starttls":
        with ExitStack() as if_it_fails:
            if_it_fails.callback(connection.close)
            connection.starttls(context=account.trust)
            if_it_fails.pop_all()
    return connection


def _sign_in(account: MailAccount, connection: smtplib.SMTP) -> None:
    if account.user is not None and account.password is not None:
        connection.login(account.user, account.password.reveal())


def _problem(account: MailAccount, error: Exception, recipient: str = "") -> MailProblem:
    """The sentence for a failure; nothing of the error itself but the server's own words, and those cut short."""
    server = account.server
    match error:
        case ssl.SSLCertVerificationError():
            return MailProblem(
                f"The certificate of {server} is not one that this computer trusts ({error.verify_message}). "
                "If it is your company's own, add its certificate authority in Settings, Network."
            )
        case ssl.SSLError():
            other = "STARTTLS" if account.security == "tls" else "TLS"
            return MailProblem(f"{server} does not speak TLS here. Try {other}, or another port.")
        case smtplib.SMTPAuthenticationError():
            return MailProblem(
                f"{server} refused to sign in “{account.user}”{_said(error.smtp_error)}. "
                "Check the user and the password in Settings, Mail."
            )
        case smtplib.SMTPNotSupportedError() if account.security == "starttls" and recipient == "":
            return MailProblem(f"{server} does not offer STARTTLS. Choose TLS (often port 465) in Settings, Mail.")
        case smtplib.SMTPNotSupportedError():
            return MailProblem(f"{server} does not offer what this mail needs: signing in, or letters beyond ASCII.")
        case smtplib.SMTPRecipientsRefused():
            code, reply = next(iter(error.recipients.values()), (500, b""))
            return MailProblem(f"{server} refused the recipient {recipient}{_said(reply)}.", _by_code(code))
        case smtplib.SMTPSenderRefused():
            return MailProblem(f"{server} takes no mail from {account.sender}{_said(error.smtp_error)}.")
        case smtplib.SMTPServerDisconnected() | TimeoutError() if recipient:
            return MailProblem(f"{server} broke off while it took the mail for {recipient}.", Trouble.UNSURE)
        case smtplib.SMTPDataError():
            sentence = f"{server} refused the mail for {recipient}{_said(error.smtp_error)}."
            return MailProblem(sentence, _by_code(error.smtp_code))
        case smtplib.SMTPResponseException():
            return MailProblem(f"{server} answered with an error{_said(error.smtp_error)}. It is tried again.")
        case smtplib.SMTPServerDisconnected():
            return MailProblem(f"{server} closed the connection. Check the port and how it is protected.")
        case TimeoutError():
            return MailProblem(f"{server} did not answer within {_ANSWER_SECONDS:g} seconds. Check host and port.")
        case UnicodeError():
            return MailProblem("The user or password of the mail account has letters that mail servers do not take.")
        case OSError():
            return MailProblem(f"{server} cannot be reached ({error.strerror or 'no answer'}). Check host and port.")
        case _:
            return MailProblem(f"{server} answered something that no mail server says. Check host and port.")


def _by_code(code: int) -> Trouble:
    return Trouble.REFUSED if code >= 500 else Trouble.RECIPIENT


def _said(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    text = REDACTOR.redact(visible_text(" ".join(text.split())))[:_LONGEST_REPLY].rstrip(". ")
    return f": “{text}”" if text else ""
