import pytest

from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.settings import SETTING_KEYS, Settings
from saasdesk.store import Store

EXAMPLES = {
    "extra_ca": "",
    "proxy": "http://proxy.example.com:3128",
    "protected_records": "Ruiz, Ana\nroot",
    "destructive_calls_per_run": "3",
    "destructive_calls_per_day": "4",
    "destructive_percent": "5",
    "bulk_edit_limit": "50",
    "workflows_paused": "true",
    "scheduling_paused": "yes",
    "smtp_host": "mail.example.com",
    "smtp_port": "25",
    "smtp_security": "none",
    "smtp_user": "it",
    "mail_sender": "it@example.com",
    "keep_raw": "false",
    "tray": "keep",
    "theme": "dark",
    "zoom": "150",
    "currency": "USD",
    "idle_days": "90",
    "grace_days": "0",
    "density": "compact",
    "motion": "reduced",
    "numbers": "1.234,56",
    "dates": "iso",
    "log_level": "debug",
    "quiet_hours": "22:00-07:00",
}


def test_that_a_new_profile_has_the_default_settings(store: Store) -> None:
    assert store.settings() == Settings()


def test_that_every_setting_survives_a_restart(profile: Profile) -> None:
    with Store.open(profile) as store:
        for key, text in EXAMPLES.items():
            store.save_setting(key, text)
        saved = store.settings()

    with Store.open(profile) as store:
        assert store.settings() == saved
    assert EXAMPLES.keys() == set(SETTING_KEYS)
    assert {key for key in SETTING_KEYS if getattr(saved, key) == getattr(Settings(), key)} == {"extra_ca"}


def test_that_a_refused_setting_changes_nothing(store: Store) -> None:
    with pytest.raises(UserError, match="The setting zoom cannot be"):
        store.save_setting("zoom", "5000")

    assert store.settings() == Settings()


def test_p16_that_a_changed_setting_is_in_the_audit_log_with_before_and_after(store: Store) -> None:
    store.save_setting("zoom", "150")
    store.save_setting("zoom", "150")

    with store.reading() as db:
        rows = db.execute_sql("SELECT action, subject, detail FROM audit").fetchall()
    assert rows == [("setting.changed", "zoom", '{"after":"150","before":"100"}')]


@pytest.mark.parametrize("stored", ['"big"', "not json", "5000", "[]"])
def test_that_a_stored_value_that_cannot_be_understood_counts_as_not_set(store: Store, stored: str) -> None:
    store.save_setting("theme", "dark")
    store.write(lambda db: db.execute_sql("INSERT INTO setting VALUES ('zoom', ?)", (stored,)))

    settings = store.settings()

    assert (settings.zoom, settings.theme) == (100, "dark")
