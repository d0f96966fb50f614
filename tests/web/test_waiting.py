"""How long a vendor asks us to wait, in all the forms vendors use."""

from datetime import UTC, datetime, timedelta

import pytest
from requests.structures import CaseInsensitiveDict

from saasdesk.web.waiting import asked_wait

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Sat, 21 Nov 2026 10:00:30 GMT"}, 30),
        ({"ratelimit-reset": "12"}, 12),
        ({"X-RateLimit-Reset": "2026-11-21T10:05Z"}, 300),
        ({"X-RateLimit-Reset": "2026-11-21T10:00Z"}, 60),
        ({"X-RateLimit-Reset": "2026-11-21T12:01+02:00"}, 60),
        ({"X-RateLimit-Reset": "2026-11-21T10:00:20"}, 20),
        ({"X-RateLimit-Reset": "2026-11-21T12:00:20+02:00"}, 20),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 45)}, 45),
        ({"X-RateLimit-Reset": str((int(NOW.timestamp()) + 45) * 1000)}, 45),
        ({"X-RateLimit-Reset": "9"}, 9),
        ({"Retry-After": "soon", "ratelimit-reset": "4"}, 4),
        ({"Retry-After": "3", "ratelimit-reset": "60"}, 3),
    ],
)
def test_that_every_form_of_asking_is_understood(headers, seconds):
    assert asked_wait(CaseInsensitiveDict(headers), NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value", ["", "-5", "0", "soon", "1e9", "nan", "99999999999999999999", "200000", "2026-11-21T09:59Z", "١٢"]
)
@pytest.mark.parametrize("name", ["Retry-After", "RateLimit-Reset", "X-RateLimit-Reset"])
def test_that_a_negative_past_or_absurd_wait_is_no_wait(name, value):
    assert asked_wait(CaseInsensitiveDict({name: value}), NOW) is None


def test_that_an_instant_to_the_minute_is_waited_for_to_the_end_of_its_minute():
    within = NOW + timedelta(seconds=25)

    assert asked_wait(CaseInsensitiveDict({"X-RateLimit-Reset": "2026-11-21T10:00Z"}), within) == pytest.approx(35)
    assert asked_wait(CaseInsensitiveDict({"X-RateLimit-Reset": "2026-11-21T10:00:00Z"}), within) is None
    assert asked_wait(CaseInsensitiveDict({"X-RateLimit-Reset": "2026-11-21T09:59Z"}), within) is None


def test_that_an_instant_is_compared_with_the_vendors_own_clock():
    fast = CaseInsensitiveDict({"Date": "Sat, 21 Nov 2026 10:00:00 GMT", "X-RateLimit-Reset": "2026-11-21T10:01Z"})

    assert asked_wait(fast, NOW + timedelta(hours=3)) == pytest.approx(60)
