"""What a credential says about itself."""

from datetime import date

import pytest

from saasdesk.credentials import Credential

TODAY = date(2026, 11, 21)


def _expiring(on: date | None) -> Credential:
    return Credential("u", "PD key", "pagerduty", "2026-01-01T00:00:00Z", expires=on)


@pytest.mark.parametrize(
    ("expires", "step", "sentence"),
    [
        (None, None, None),
        (date(2026, 12, 6), None, None),
        (date(2026, 12, 5), 14, "The key “PD key” expires in 14 days, on 2026-12-05. Make a new one and replace it."),
        (date(2026, 11, 28), 7, "The key “PD key” expires in 7 days, on 2026-11-28. Make a new one and replace it."),
        (date(2026, 11, 22), 1, "The key “PD key” expires tomorrow. Make a new one and replace it."),
        (date(2026, 11, 21), 1, "The key “PD key” expires today. Make a new one and replace it."),
        (date(2026, 11, 20), 0, "The key “PD key” expired on 2026-11-20. Make a new one and replace it."),
    ],
)
def test_that_an_admin_is_warned_14_7_and_1_days_ahead(expires, step, sentence):
    credential = _expiring(expires)

    assert credential.expiry_step(TODAY) == step
    assert credential.expiry_warning(TODAY) == sentence


def test_that_a_key_still_works_on_its_last_day():
    assert not _expiring(TODAY).has_expired(TODAY)
    assert _expiring(date(2026, 11, 20)).has_expired(TODAY)
