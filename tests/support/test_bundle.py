"""The support bundle: what is in it, and what never is."""

import zipfile
from pathlib import Path

import pytest

from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.store.health import Finding, State
from saasdesk.support import BundleFile, collect, write_bundle
from saasdesk.support.scrub import Scrubber
from saasdesk.web import REDACTOR

SECRET = "k3y-for-the-bundle-77"
FINDINGS = (Finding("disk", State.OK, "81 GB free"), Finding("keys", State.WARNING, "Ana Ruiz has one"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(open_profile(tmp_path / "profile"))
    made.write(
        lambda db: db.execute_sql(
            "INSERT INTO person (name, username, username__key, created_at, updated_at) "
            "VALUES ('Ana Ruiz', 'aruiz', 'aruiz', '2026-01-01', '2026-01-01')"
        )
    )
    made.save_setting("mail_sender", "it@example.com")
    made.save_setting("protected_records", "ceo@example.com")
    yield made
    made.close()


def test_p07_that_no_key_no_address_no_name_and_no_place_is_in_a_bundle(store: Store, tmp_path: Path) -> None:
    REDACTOR.add(SECRET)
    store.profile.logs.mkdir(exist_ok=True)
    (store.profile.logs / "saasdesk.log").write_text(
        f"INFO calling with {SECRET}\nINFO mail to Bo@example.com and bo@EXAMPLE.com, not to al@example.org\n"
        f"INFO in {Path.home()}/profile\nERROR ANA RUIZ (aruiz) was left alone\n"
    )

    files = collect(store.profile, store, FINDINGS)
    written = write_bundle(files, tmp_path / "bundle.zip")

    with zipfile.ZipFile(written) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert list(texts) == [each.name for each in files]
    whole = "\n".join(texts.values())
    for hidden in (SECRET, "@example", "@EXAMPLE", "Ana", "ANA", "aruiz", str(Path.home())):
        assert hidden not in whole
    mail, _, other = (part for part in texts["saasdesk.log"].splitlines()[1].split(" to ")[1:][0].partition(" and "))
    assert other.startswith(mail), "the same address has the same stand-in"
    assert "81 GB free" in texts["check-up.txt"]
    assert '"mail_sender": "set"' in texts["settings.json"]
    assert '"person": 1' in texts["counts.json"]
    assert written.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("leak", [f"key={SECRET}", "write to ana@example.com"])
def test_p07_that_the_last_look_refuses_a_file_that_still_holds_something(tmp_path: Path, leak: str) -> None:
    REDACTOR.add(SECRET)

    with pytest.raises(UserError, match=r"notes\.txt still holds a .* Nothing was written"):
        write_bundle([BundleFile("notes.txt", "", leak)], tmp_path / "bundle.zip")

    assert list(tmp_path.iterdir()) == []


def test_that_a_file_that_is_no_bundle_is_not_written_over(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir")

    with pytest.raises(UserError, match="something else than a bundle"):
        write_bundle([BundleFile("a.txt", "", "a")], letter)
    with pytest.raises(UserError, match="There is no folder"):
        write_bundle([BundleFile("a.txt", "", "a")], tmp_path / "nowhere" / "b.zip")
    with pytest.raises(UserError, match="Nothing is ticked"):
        write_bundle([], tmp_path / "b.zip")
    assert letter.read_text() == "Dear Sir"


def test_that_a_key_that_only_the_keyring_knows_is_recognised_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(Vault, "list", lambda _vault: [type("C", (), {"name": "PD prod"})])
    monkeypatch.setattr(Vault, "get_secret", lambda _vault, name: asked.append(name))

    collect(store.profile, store, FINDINGS)

    assert asked == ["PD prod"]


def test_that_without_a_database_the_rest_is_told(store: Store) -> None:
    names = [each.name for each in collect(store.profile, None, FINDINGS)]

    assert names == ["versions.txt", "check-up.txt", "saasdesk.log"]


def test_that_stand_ins_of_two_bundles_say_nothing_of_each_other() -> None:
    assert Scrubber().stand_in("ana@example.com") != Scrubber().stand_in("ana@example.com")
