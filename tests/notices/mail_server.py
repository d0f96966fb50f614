"""A real mail server on loopback, which can be told to refuse things."""

import socket
import ssl
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from saasdesk.notices.mail import MailAccount
from saasdesk.web import Secret

CERTIFICATES = Path(__file__).parent.parent / "web" / "certificates"
USER, PASSWORD = "notices", "correct-horse-battery"


def certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    return context


class MailServer:
    """Takes mail and keeps it; `refuse` maps a recipient to what is said instead, `hang_up_on` breaks off."""

    def __init__(self, *, security: str = "none", port: int = 0, with_login: bool = False) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.data_reply = ""
        self.break_off = False
        self.heard_passwords: list[str] = []
        self.security, self.with_login = security, with_login
        self._controller = _OnAnyPort(self, port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        return int(self._controller.server.sockets[0].getsockname()[1])

    def account(self, **changes: Any) -> MailAccount:
        values: dict[str, Any] = {
            "host": "localhost",
            "port": self.port,
            "security": self.security,
            "sender": "saasdesk@example.com",
        }
        if self.with_login:
            values |= {"user": USER, "password": Secret(PASSWORD)}
        return MailAccount(**{**values, **changes})

    # What aiosmtpd asks

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.content)
        self.messages.append(cast(EmailMessage, message_from_bytes(content, policy=default)))
        if self.break_off:
            server.transport.close()
        return self.data_reply or "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, data: LoginPassword
    ) -> AuthResult:
        self.heard_passwords.append(data.password.decode())
        is_right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=is_right, handled=False)


class _OnAnyPort(Controller):
    def __init__(self, server: MailServer, port: int) -> None:
        tls = server.security == "tls"
        super().__init__(
            server,
            hostname="127.0.0.1",
            port=port,
            ssl_context=certificate() if tls else None,
            tls_context=certificate() if server.security == "starttls" else None,
            require_starttls=server.security == "starttls",
            authenticator=server.authenticate if server.with_login else None,
            auth_required=server.with_login,
            auth_require_tls=False,
        )

    def _trigger_server(self) -> None:
        """What aiosmtpd does to see that it answers, at the port that the system chose."""
        socket.create_connection(self.server.sockets[0].getsockname(), timeout=5).close()


def text_of(message: Message) -> str:
    body = cast(EmailMessage, message).get_body()
    return "" if body is None else body.get_content().replace("\r\n", "\n")
