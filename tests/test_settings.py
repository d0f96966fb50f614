from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.errors import UserError
from saasdesk.settings import SETTING_KEYS, Settings, default_text, help_for, parse_setting, setting_text


def test_that_every_setting_has_a_default_and_says_what_it_is_for() -> None:
    assert Settings().model_dump().keys() == set(SETTING_KEYS)
    assert all(help_for(key) != key for key in SETTING_KEYS)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("zoom", "120", 120),
        ("theme", "dark", "dark"),
        ("keep_raw", "no", False),
        ("proxy", "http://proxy.example.com:3128", "http://proxy.example.com:3128"),
        ("proxy", " ", None),
        ("extra_ca", "", None),
        ("protected_records", "ana@example.com, root ,", ("ana@example.com", "root")),
        ("protected_records", "Ruiz, Ana\nroot", ("Ruiz, Ana", "root")),
        ("mail_sender", "it@example.com", "it@example.com"),
    ],
)
def test_that_text_becomes_the_value_that_an_admin_means(key: str, text: str, value: object) -> None:
    assert parse_setting(key, text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("zoom", "500"),
        ("zoom", "big"),
        ("theme", "pink"),
        ("currency", "euro"),
        ("currency", "XYZ"),
        ("idle_days", "0"),
        ("smtp_port", "0"),
        ("mail_sender", "it at example.com"),
        ("proxy", "proxy.example.com"),
        ("destructive_percent", "101"),
        ("extra_ca", "/nowhere/ca.pem"),
    ],
)
def test_that_a_refused_value_is_answered_with_the_key_and_the_reason(key: str, text: str) -> None:
    with pytest.raises(UserError, match=f"The setting {key} cannot be"):
        parse_setting(key, text)


def test_that_an_unknown_key_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"There is no setting “colour”.*zoom"):
        parse_setting("colour", "red")


def test_p07_that_a_password_in_a_proxy_is_refused_and_not_repeated() -> None:
    with pytest.raises(UserError) as refusal:
        parse_setting("proxy", "http://ana:hunter2@proxy.example.com:3128")

    assert "hunter2" not in str(refusal.value)


def test_that_a_certificate_file_is_looked_into(tmp_path: Path) -> None:
    good = Path(__file__).parent / "web" / "certificates" / "authority.pem"
    broken, bad = tmp_path / "ca.pem", tmp_path / "notes.txt"
    broken.write_text("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n")
    bad.write_text("notes")

    assert parse_setting("extra_ca", str(good)) == good
    with pytest.raises(UserError, match="no certificate"):
        parse_setting("extra_ca", str(bad))
    with pytest.raises(UserError, match="cannot be read"):
        parse_setting("extra_ca", str(broken))


@given(st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1)))
def test_that_protected_records_are_read_back_as_they_are_shown(names: list[str]) -> None:
    wanted = tuple(name.strip() for name in names if name.strip())

    assert parse_setting("protected_records", setting_text(wanted)) == wanted


@pytest.mark.parametrize("key", SETTING_KEYS)
def test_that_each_default_is_read_back_as_it_is_shown(key: str) -> None:
    value = getattr(Settings(), key)

    assert parse_setting(key, setting_text(value)) == value


@pytest.mark.parametrize("key", SETTING_KEYS)
def test_that_the_guide_says_of_each_setting_what_it_is_for_and_what_it_is_at_first(key: str) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "SETTINGS.md").read_text(encoding="utf-8")
    (line,) = [line for line in guide.splitlines() if f"| `{key}` |" in line]

    assert f"{help_for(key)[1:]}. |" in line
    assert f"| `{default_text(key)}` |" in line or (not default_text(key) and "| empty |" in line)
