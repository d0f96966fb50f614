"""One cause is one notice, however often it is told."""

from dataclasses import replace

from saasdesk.notices import News, NoticeKind, list_notices, mark_read, mark_unread, rows, settle, tell, unread_count
from saasdesk.store import Store

FAILED = News("failed:1", NoticeKind.RUN_FAILED, "“PagerDuty” failed", "The key was refused.", "activity:4")
MONDAY, TUESDAY, LATE_TUESDAY = "2026-03-02T08:00:00Z", "2026-03-03T07:59:00Z", "2026-03-03T08:00:00Z"


def say(store: Store, news: News, at: str = MONDAY) -> None:
    store.write(lambda db: tell(db, news, at))


def waiting(store: Store) -> list[tuple[str, str]]:
    with store.reading() as db:
        return [(mail.recipient, mail.queued_at) for mail in rows.waiting_mail(db)]


def test_that_the_same_cause_is_counted_and_says_what_is_true_now(store: Store) -> None:
    say(store, FAILED)
    say(store, replace(FAILED, body="The vendor did not answer.", link="activity:5"), TUESDAY)

    (notice,) = list_notices(store)
    assert (notice.count, notice.first_at, notice.last_at) == (2, MONDAY, TUESDAY)
    assert notice.body == "The vendor did not answer."
    assert notice.place == ("activity", 5)


def test_that_what_was_read_is_unread_again_when_it_happens_again(store: Store) -> None:
    say(store, FAILED)
    mark_read(store, list_notices(store)[0].id)
    assert unread_count(store) == 0

    say(store, FAILED, TUESDAY)

    assert unread_count(store) == 1


def test_that_news_told_once_are_not_counted_and_stay_read(store: Store) -> None:
    expiring = News("key:a:7", NoticeKind.KEY_EXPIRES, "A key is about to expire", "in 7 days", once=True)
    say(store, expiring)
    mark_read(store)
    say(store, replace(expiring, body="in 6 days"), TUESDAY)

    (notice,) = list_notices(store)
    assert (notice.count, notice.is_unread, notice.body) == (1, False, "in 6 days")


def test_that_a_cause_that_is_gone_is_read_and_begins_anew_when_it_is_back(store: Store) -> None:
    say(store, FAILED)
    say(store, FAILED)
    store.write(lambda db: settle(db, "failed:1", TUESDAY))

    (solved,) = list_notices(store)
    assert (solved.is_unread, solved.solved_at) == (False, TUESDAY)

    say(store, FAILED, LATE_TUESDAY)
    (back,) = list_notices(store)
    assert (back.count, back.first_at, back.solved_at, back.is_unread) == (1, LATE_TUESDAY, None, True)


def test_that_settling_takes_what_lies_below_a_cause_and_nothing_that_only_begins_alike(store: Store) -> None:
    for cause in ("missed:1:monday", "missed:1:tuesday", "missed:12:monday"):
        say(store, replace(FAILED, cause=cause))

    count = store.write(lambda db: settle(db, "missed:1", TUESDAY, but="missed:1:tuesday"))

    assert count == 1
    assert {notice.cause for notice in list_notices(store) if notice.solved_at} == {"missed:1:monday"}


def test_that_one_can_be_kept_for_later(store: Store) -> None:
    say(store, FAILED)
    say(store, replace(FAILED, cause="failed:2"))
    mark_read(store)
    mark_unread(store, list_notices(store)[0].id)

    assert unread_count(store) == 1


def test_that_the_newest_stands_first(store: Store) -> None:
    say(store, replace(FAILED, cause="failed:2"), TUESDAY)
    say(store, FAILED, MONDAY)

    assert [notice.cause for notice in list_notices(store)] == ["failed:2", "failed:1"]


def test_that_contacts_get_mail_at_once_and_again_after_a_day(store: Store) -> None:
    news = replace(FAILED, contacts=("it@example.com", "sam@example.com", "it@example.com"))
    for at in (MONDAY, TUESDAY, LATE_TUESDAY):
        say(store, news, at)

    both = ("it@example.com", "sam@example.com")
    assert waiting(store) == [*((each, MONDAY) for each in both), *((each, LATE_TUESDAY) for each in both)]


def test_that_contacts_hear_at_once_of_a_cause_that_came_back(store: Store) -> None:
    news = replace(FAILED, contacts=("it@example.com",))
    say(store, news, MONDAY)
    store.write(lambda db: settle(db, "failed:1", MONDAY))
    say(store, news, TUESDAY)

    assert [at for _, at in waiting(store)] == [MONDAY, TUESDAY]


def test_that_what_was_seen_to_is_forgotten_after_a_season(store: Store) -> None:
    say(store, FAILED)
    say(store, replace(FAILED, cause="failed:2"))
    store.write(lambda db: settle(db, "failed:1", MONDAY))

    say(store, replace(FAILED, cause="failed:3"), "2026-07-01T08:00:00Z")

    assert [notice.cause for notice in list_notices(store)] == ["failed:3", "failed:2"]
