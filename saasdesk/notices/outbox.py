"""The outbox: mail that waits in the database until a server has taken it.

A message's id is on record before it goes out. If the program ends just then, the same message goes out again under
the same id: somebody may get it twice, nobody gets none.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from saasdesk.clock import as_text, from_text, now
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.notices import rows
from saasdesk.notices.mail import (
    MailAccount,
    Mailer,
    MailProblem,
    Trouble,
    account_from,
    connected,
    message_to,
    new_message_id,
)
from saasdesk.notices.notice import News, NoticeKind
from saasdesk.notices.notices import settle, tell
from saasdesk.notices.quiet import is_quiet
from saasdesk.notices.rows import MailRow
from saasdesk.store import Connection, Store

PASSWORD = "mail account"  # noqa: S105 - the name of its place in the keyring

AT_MOST_ONE_EACH = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)
_KEEP_FOR = timedelta(days=30)
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_SERVER_CAUSE = "mail:server"
# Encoded they are a third larger, and many servers take 25 MB at most.
LARGEST_ATTACHMENTS = 15 * 2**20

OpenAccount = Callable[[], MailAccount]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the mail that was due: messages taken, messages that wait, and why."""

    messages: int = 0
    waiting: int = 0
    problem: str = ""


def open_account(store: Store, vault: Vault) -> MailAccount:
    """The account of the settings with its password out of the keyring; a sentence where something is missing."""
    settings = store.settings()
    password = vault.place(PASSWORD).get() if settings.smtp_user is not None else None
    return account_from(settings, password)


def list_mail(store: Store, limit: int = 200) -> list[MailRow]:
    """The outbox with what was sent lately, newest first."""
    with store.reading() as db:
        return rows.latest_mail(db, limit)


def send_test(account: MailAccount, recipient: str) -> str:
    """Send one message past the outbox, and say in a sentence that it went."""
    text = "This is the test mail that was asked for in saasdesk. Notices of its integrations come from here."
    message = message_to(account, recipient, "saasdesk: test mail", text, new_message_id(account.sender))
    with connected(account) as mailer:
        mailer.send(message)
    return f"{account.server} took a test mail for {recipient}. Look whether it arrives."


def send_waiting(
    store: Store, account: OpenAccount, moment: datetime | None = None, stop: threading.Event | None = None
) -> Sent:
    """Send what is due: at most one message an hour for each recipient, with all that waits for them.

    In quiet hours only what was ordered goes out.
    """
    moment = moment or now()
    with store.reading() as db:
        waiting, last_sent = rows.waiting_mail(db), rows.last_sent(db)
    expired = [mail for mail in waiting if moment - from_text(mail.queued_at) > GIVE_UP_AFTER]
    if expired:
        store.write(lambda db: rows.give_up(db, _ids(expired), as_text(moment), "No server took it within three days."))
        waiting = [mail for mail in waiting if mail not in expired]
    # Without a server there is nobody to complain of: notices stay in the program.
    settings = store.settings()
    ready = waiting
    if is_quiet(settings.quiet_hours, moment):
        ready = [mail for mail in waiting if _is_asked_for(mail)]
    due = _due(ready, last_sent, moment) if settings.smtp_host else []
    if not due:
        return Sent(waiting=len(waiting))
    return _Delivery(store, moment, stop or threading.Event()).deliver(due, account, len(waiting))


def _is_asked_for(mail: MailRow) -> bool:
    """Whether somebody has ordered just this mail for just now: a report, or what a workflow writes to people."""
    return bool(mail.attachment) or mail.cause.startswith("workflow:")


def try_now(store: Store) -> None:
    """The account was changed: what waits for another try need not wait."""
    store.write(lambda db: rows.try_all_now(db, as_text(now())))


def _due(waiting: Sequence[MailRow], last_sent: dict[str, str], moment: datetime) -> list[list[MailRow]]:
    """One list of news for each message that may go out now, oldest first."""
    by_message: dict[tuple[str, str | None], list[MailRow]] = {}
    for mail in waiting:
        by_message.setdefault((mail.recipient.casefold(), mail.message_id), []).append(mail)
    due: dict[str, list[MailRow]] = {}
    # What may have gone out already comes first, as it was: the same id, the same content.
    for (recipient, _), mails in sorted(by_message.items(), key=lambda item: (item[0][1] is None, item[1][0].id)):
        last = last_sent.get(recipient)
        rests = last is not None and moment - from_text(last) < AT_MOST_ONE_EACH
        ready = [mail for mail in mails if from_text(mail.next_try_at) <= moment]
        if ready and not rests and recipient not in due:
            due[recipient] = ready
    return list(due.values())


class _Delivery:
    """One round of sending."""

    def __init__(self, store: Store, moment: datetime, stop: threading.Event) -> None:
        self._store, self._at, self._stop = store, as_text(moment), stop
        self._moment = moment

    def deliver(self, due: list[list[MailRow]], open_it: OpenAccount, waiting: int) -> Sent:
        taken, problem, left = 0, "", list(due)
        try:
            account = open_it()
            with connected(account) as mailer:
                while left and not self._stop.is_set():
                    problem = self._send(account, mailer, left[0]) or problem
                    taken += len(left.pop(0))
                self._store.write(lambda db: settle(db, _SERVER_CAUSE, self._at))
        except UserError as error:
            problem = str(error)
            self._fail([mail for mails in left for mail in mails], problem)
        self._store.write(lambda db: rows.forget_sent_before(db, as_text(self._moment - _KEEP_FOR)))
        return Sent(messages=len(due) - len(left), waiting=waiting - taken, problem=problem)

    def _send(self, account: MailAccount, mailer: Mailer, mails: list[MailRow]) -> str:
        """Send one message; what is wrong with its recipient alone is returned, all else is raised."""
        numbers = _ids(mails)
        recipient = mails[0].recipient
        message_id = mails[0].message_id or new_message_id(account.sender)
        try:
            files, left_out = self._attachments(mails)
            body = _body(mails, left_out)
            message = message_to(account, recipient, _subject(mails), body, message_id, files)
            self._store.write(lambda db: rows.begin_sending(db, numbers, message_id))
            mailer.send(message)
        except MailProblem as problem:
            reason = str(problem)
            if problem.trouble is not Trouble.UNSURE and mails[0].message_id is None:
                # It certainly did not go out: next time more may go with it.
                self._store.write(lambda db: rows.forget_message_id(db, numbers))
            match problem.trouble:
                case Trouble.REFUSED:
                    self._refuse(mails, recipient, reason)
                case Trouble.RECIPIENT:
                    self._store.write(lambda db: self._wait(db, mails, reason))
                case _:
                    raise
            return reason
        self._store.write(lambda db: rows.note_sent(db, numbers, self._at))
        return ""

    def _attachments(self, mails: list[MailRow]) -> tuple[list[Path], list[str]]:
        """The files that go along, and what is said of those that do not."""
        files: list[Path] = []
        left_out: list[str] = []
        room = LARGEST_ATTACHMENTS
        for name in dict.fromkeys(mail.attachment for mail in mails if mail.attachment):
            file = self._store.profile.reports / name
            try:
                size = file.stat().st_size
            except OSError:
                left_out.append(f"{file.name} is no longer there.")
                continue
            if size > room:
                left_out.append(f"{file.name} is too large for mail ({size / 2**20:.0f} MB).")
                continue
            room -= size
            files.append(file)
        return files, left_out

    def _refuse(self, mails: list[MailRow], recipient: str, reason: str) -> None:
        news = News(
            f"mail:to:{recipient.casefold()}",
            NoticeKind.MAIL,
            f"Mail for {recipient} was refused",
            f"{reason} Correct the contact, or leave it out.",
            "activity",
            once=True,
        )

        def work(db: Connection) -> None:
            rows.give_up(db, _ids(mails), self._at, reason)
            tell(db, news, self._at)

        self._store.write(work)

    def _fail(self, mails: list[MailRow], reason: str) -> None:
        title, body = "Mail cannot be sent", f"{reason} It is kept and tried again."
        news = News(_SERVER_CAUSE, NoticeKind.MAIL, title, body, "settings:mail", once=True)

        def work(db: Connection) -> None:
            self._wait(db, mails, reason)
            tell(db, news, self._at)

        self._store.write(work)

    def _wait(self, db: Connection, mails: list[MailRow], reason: str) -> None:
        for mail in mails:
            wait = _WAITS[min(mail.tries, len(_WAITS) - 1)]
            rows.note_failed(db, [mail.id], as_text(self._moment + wait), reason)


def _subject(mails: Sequence[MailRow]) -> str:
    if len(mails) == 1:
        return f"saasdesk: {mails[0].title}"
    reports = sum(bool(mail.attachment) for mail in mails)
    counted = [_counted(reports, "report"), _counted(len(mails) - reports, "notice")]
    return f"saasdesk: {' and '.join(filter(None, counted))}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _body(mails: Sequence[MailRow], left_out: Sequence[str] = ()) -> str:
    parts = [f"{mail.title}\n{mail.body}\n{mail.queued_at[:10]} {mail.queued_at[11:16]} UTC" for mail in mails]
    parts += left_out
    what = {"a report" if mail.attachment else "notices" for mail in mails}
    because = {
        frozenset({"notices"}): "as a contact of an integration in saasdesk",
        frozenset({"a report"}): "because a report of saasdesk is sent to you",
    }.get(frozenset(what), "as a contact of an integration and of a report in saasdesk")
    return "\n\n".join([*parts, f"-- \nYou get this {because}, at most once an hour."]) + "\n"


def _ids(mails: Sequence[MailRow]) -> list[int]:
    return [mail.id for mail in mails]
