"""What the desktop is told: one message an hour, several causes in one, none in quiet hours and none lost."""

from saasdesk.notices import Notice, NoticeKind
from saasdesk.notices.desktop import DesktopMessage, DesktopNews, in_one

MINUTE, HOUR = 60.0, 3600.0


def failed(name: str, kind: NoticeKind = NoticeKind.RUN_FAILED) -> Notice:
    at = "2026-03-02T08:00:00Z"
    return Notice(1, name, kind, f"“{name}” failed", "The key was refused.", "activity", 1, at, at, None, None)


def told(news: DesktopNews, now: float, *unread: str, is_quiet: bool = False) -> str:
    message = news.next_message(unread, now, is_quiet=is_quiet)
    return message.title if message is not None else ""


def test_that_the_first_is_told_at_once_and_what_follows_within_the_hour_together_at_its_end() -> None:
    news = DesktopNews()
    news.take([failed("A")], 0)
    assert told(news, 0, "A") == "“A” failed"

    news.take([failed("B")], 5 * MINUTE)
    news.take([failed("C")], 9 * MINUTE)
    # It happens again, and the bell counts that.
    news.take([failed("A")], 10 * MINUTE)

    assert told(news, 59 * MINUTE, "A", "B", "C") == ""
    assert told(news, HOUR, "A", "B", "C") == "2 runs failed"
    assert not news.is_waiting


def test_that_what_comes_in_quiet_hours_is_told_once_after_them() -> None:
    news = DesktopNews()
    news.take([failed("A")], 0)
    news.take([failed("A")], 3 * HOUR)
    assert told(news, 3 * HOUR, "A", is_quiet=True) == ""

    assert told(news, 8 * HOUR, "A") == "“A” failed"
    assert told(news, 9 * HOUR, "A") == ""


def test_that_what_was_read_or_seen_to_meanwhile_is_not_told_any_more() -> None:
    news = DesktopNews()
    news.take([failed("A"), failed("B")], 0)

    assert told(news, 0, "B") == "“B” failed"
    assert not news.is_waiting


def test_that_whoever_looks_at_the_window_is_told_nothing_later() -> None:
    news = DesktopNews()
    news.take([failed("A")], 0)
    news.forget()

    assert told(news, HOUR, "A") == ""


def test_that_many_are_one_message_which_names_the_first_of_them() -> None:
    held = failed("Held", NoticeKind.PLAN_HELD)

    assert in_one([failed("A"), held]).title == "2 notices"
    assert in_one([failed(name) for name in "ABCDE"]) == DesktopMessage(
        "5 runs failed", "“A” failed\n“B” failed\n“C” failed\nand 2 more"
    )


def test_that_what_need_not_be_seen_to_at_once_is_left_to_the_bell() -> None:
    news = DesktopNews()
    kinds = (NoticeKind.STALLED, NoticeKind.MAIL, NoticeKind.RENEWAL, NoticeKind.CLOCK)
    news.take([failed(kind.value, kind) for kind in kinds], 0)

    assert not news.is_waiting
