"""Mail waits in the database until a server has taken it: through outages, crashes and storms."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.notices import News, NoticeKind, list_notices, rows, tell
from saasdesk.notices.mail import MailAccount
from saasdesk.notices.outbox import Sent, list_mail, open_account, send_waiting, try_now
from saasdesk.profile import open_profile
from saasdesk.store import Store
from tests.credentials.keyrings import MemoryKeyring
from tests.notices.mail_server import MailServer, text_of

IT, SAM = "it@example.com", "sam@example.com"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        opened.save_setting("smtp_host", "localhost")
        yield opened


def put(store: Store, title: str = "“PagerDuty” failed", *to: str, at: datetime = NOON) -> None:
    news = News(title, NoticeKind.RUN_FAILED, title, "The key was refused.", "activity:4", to or (IT,))
    store.write(lambda db: tell(db, news, at.isoformat(timespec="seconds").replace("+00:00", "Z")))


def send(store: Store, server: MailServer, at: datetime = NOON) -> Sent:
    return send_waiting(store, server.account, at)


def off() -> MailAccount:
    return MailAccount("127.0.0.1", 9, "none", "saasdesk@example.com")


def told(store: Store) -> list[str]:
    return [notice.title for notice in list_notices(store) if notice.kind is NoticeKind.MAIL and notice.is_unread]


# ----- on its way


def test_that_each_contact_gets_a_message_of_their_own(store: Store, server: MailServer) -> None:
    put(store, "“PagerDuty” failed", IT, SAM)

    assert send(store, server) == Sent(messages=2)

    assert [message["To"] for message in server.messages] == [IT, SAM]
    assert server.messages[0]["Subject"] == "saasdesk: “PagerDuty” failed"
    assert "The key was refused." in text_of(server.messages[0])
    assert {mail.sent_at for mail in list_mail(store)} == {"2026-03-02T12:00:00Z"}


def test_that_what_was_sent_is_not_sent_again(store: Store, server: MailServer) -> None:
    put(store)
    send(store, server)

    assert send(store, server, NOON + 2 * HOUR) == Sent()
    assert len(server.messages) == 1


def test_that_a_storm_is_one_message_an_hour(store: Store, server: MailServer) -> None:
    for minute in range(180):
        at = NOON + minute * MINUTE
        put(store, f"“Integration {minute}” failed", at=at)
        send(store, server, at)

    assert [message["Subject"] for message in server.messages] == [
        "saasdesk: “Integration 0” failed",
        "saasdesk: 60 notices",
        "saasdesk: 60 notices",
    ]
    assert send(store, server, NOON + 180 * MINUTE) == Sent(messages=1)
    sent = "".join(text_of(message) for message in server.messages)
    assert all(f"“Integration {minute}” failed" in sent for minute in range(180))


def test_that_the_hour_of_one_contact_is_not_that_of_another(store: Store, server: MailServer) -> None:
    put(store, "first", IT)
    send(store, server)
    put(store, "second", IT, SAM)

    assert send(store, server, NOON + MINUTE) == Sent(messages=1, waiting=1)
    assert server.messages[-1]["To"] == SAM


# ----- not taken


def test_that_a_server_that_is_down_gets_it_when_it_is_up_again(store: Store, server: MailServer) -> None:
    put(store)
    result = send_waiting(store, off, NOON)
    assert (result.messages, result.waiting) == (0, 1)
    assert told(store) == ["Mail cannot be sent"]

    assert send(store, server, NOON + 30 * timedelta(seconds=1)) == Sent(waiting=1)
    assert send(store, server, NOON + MINUTE) == Sent(messages=1)

    assert told(store) == []


def test_that_tries_grow_rarer_and_end_after_three_days(store: Store) -> None:
    put(store)
    tries = []
    for minute in range(3 * 24 * 60 + 2):
        before = list_mail(store)[0].tries
        send_waiting(store, off, NOON + minute * MINUTE)
        if list_mail(store)[0].given_up_at is None and list_mail(store)[0].tries > before:
            tries.append(minute)
        if len(tries) > 6:
            break
    assert tries[:6] == [0, 1, 6, 21, 81, 141]

    send_waiting(store, off, NOON + 3 * DAY + MINUTE)

    assert list_mail(store)[0].given_up_at is not None
    assert list_mail(store)[0].problem == "No server took it within three days."


def test_that_a_corrected_account_is_tried_at_once(store: Store, server: MailServer) -> None:
    put(store, at=datetime.now(UTC))
    send_waiting(store, off)
    assert send_waiting(store, server.account) == Sent(waiting=1)

    try_now(store)

    assert send_waiting(store, server.account) == Sent(messages=1)


def test_that_a_refused_recipient_is_told_and_keeps_nobody_else_waiting(store: Store, server: MailServer) -> None:
    server.refuse[IT] = "550 5.1.1 No such user"
    put(store, "“PagerDuty” failed", IT, SAM)

    result = send(store, server)

    assert [message["To"] for message in server.messages] == [SAM]
    assert "No such user" in result.problem
    assert told(store) == [f"Mail for {IT} was refused"]
    assert send(store, server, NOON + DAY) == Sent()


def test_that_a_recipient_who_is_refused_for_now_is_tried_again(store: Store, server: MailServer) -> None:
    server.refuse[IT] = "451 4.7.1 Greylisted"
    put(store, "“PagerDuty” failed", IT, SAM)
    assert send(store, server).messages == 2
    server.refuse.clear()

    assert send(store, server, NOON + MINUTE) == Sent(messages=1)
    assert [message["To"] for message in server.messages] == [SAM, IT]
    assert told(store) == []


def test_that_without_a_server_notices_stay_in_the_program(store: Store) -> None:
    store.save_setting("smtp_host", "")
    put(store)

    def nobody() -> MailAccount:
        raise AssertionError("there is no account to open")

    assert send_waiting(store, nobody, NOON) == Sent(waiting=1)
    assert told(store) == []


def test_that_a_keyring_that_is_locked_is_a_reason_and_no_loss(store: Store) -> None:
    put(store)

    def locked() -> MailAccount:
        raise UserError("Your login keyring is locked. Unlock it and press Retry.")

    result = send_waiting(store, locked, NOON)

    assert result == Sent(waiting=1, problem="Your login keyring is locked. Unlock it and press Retry.")
    assert told(store) == ["Mail cannot be sent"]


# ----- cut off


def test_that_a_message_that_may_have_gone_out_goes_again_under_the_same_id(store: Store, server: MailServer) -> None:
    server.break_off = True
    put(store, "first")
    send(store, server)
    server.break_off = False
    # What came meanwhile goes in a message of its own: whoever drops the second copy must not drop this.
    put(store, "second", at=NOON + MINUTE)

    send(store, server, NOON + 2 * MINUTE)
    send(store, server, NOON + 2 * MINUTE + HOUR)

    first, again, later = server.messages
    assert first["Message-ID"] == again["Message-ID"] != later["Message-ID"]
    assert text_of(first) == text_of(again)
    assert later["Subject"] == "saasdesk: second"


_KILLED = """
import os, signal, sys
from pathlib import Path
from saasdesk.notices import mail, outbox, rows
from saasdesk.profile import open_profile
from saasdesk.store import Store

folder, port, when = sys.argv[1:]
account = mail.MailAccount("localhost", int(port), "none", "saasdesk@example.com")

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if when == "before":
    mail.Mailer.send = die
else:
    rows.note_sent = die
with Store.open(open_profile(Path(folder))) as store:
    outbox.send_waiting(store, lambda: account)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by signal")
@pytest.mark.parametrize(("when", "copies"), [("before", 1), ("after", 2)])
def test_that_a_kill_at_the_worst_moment_loses_nothing(
    profile_dir: Path, server: MailServer, when: str, copies: int
) -> None:
    with Store.open(open_profile(profile_dir)) as store:
        store.save_setting("smtp_host", "localhost")
        put(store, at=datetime.now(UTC))
    script = [sys.executable, "-c", _KILLED, str(profile_dir), str(server.port), when]
    done = subprocess.run(script, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL

    with Store.open(open_profile(profile_dir)) as store:
        send_waiting(store, server.account)
        assert send_waiting(store, server.account, datetime.now(UTC) + DAY) == Sent()

    assert len(server.messages) == copies
    assert len({message["Message-ID"] for message in server.messages}) == 1


# ----- the account


def test_that_the_password_lies_in_the_keyring_and_nowhere_else(store: Store, profile_dir: Path) -> None:
    keyring = MemoryKeyring()
    vault = Vault(store, keyring)
    for key, value in {"smtp_user": "desk", "mail_sender": "desk@example.com"}.items():
        store.save_setting(key, value)

    vault.place("mail account").set("correct-horse-battery\n")

    account = open_account(store, Vault(store, keyring))
    assert account.password is not None
    assert account.password.reveal() == "correct-horse-battery"
    written = b"".join(file.read_bytes() for file in profile_dir.rglob("*") if file.is_file())
    assert b"correct-horse" not in written


def test_that_an_account_without_its_password_says_where_to_enter_it(store: Store) -> None:
    store.save_setting("smtp_user", "desk")
    store.save_setting("mail_sender", "desk@example.com")

    with pytest.raises(UserError, match="has no password for the mail account “desk”"):
        open_account(store, Vault(store, MemoryKeyring()))


def test_that_an_old_outbox_is_tidied(store: Store, server: MailServer) -> None:
    put(store, "old")
    send(store, server)
    put(store, "new", at=NOON + 31 * DAY)

    send(store, server, NOON + 31 * DAY)

    with store.reading() as db:
        assert [mail.title for mail in rows.latest_mail(db, 9)] == ["new"]


def test_that_notices_wait_for_the_end_of_quiet_hours_and_go_together_then(store: Store, server: MailServer) -> None:
    noon_here = NOON.astimezone()
    hours = f"{noon_here - HOUR:%H:%M}-{noon_here + HOUR:%H:%M}"
    store.save_setting("quiet_hours", hours)
    put(store, "“PagerDuty” failed")
    put(store, "“JumpCloud” failed", at=NOON + MINUTE)
    ordered = News("workflow:1:welcome", NoticeKind.WORKFLOW, "Welcome", "Hello Ana", "", (SAM,), once=True)
    store.write(lambda db: tell(db, ordered, "2026-03-02T12:00:00Z"))

    assert send(store, server, NOON + MINUTE) == Sent(messages=1, waiting=2)
    # What a workflow writes to somebody was ordered for now.
    assert [message["Subject"] for message in server.messages] == ["saasdesk: Welcome"]

    send(store, server, NOON + HOUR)

    assert [message["Subject"] for message in server.messages[1:]] == ["saasdesk: 2 notices"]
