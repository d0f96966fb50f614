"""The top of the program: what a bug looks like, what is logged, and that nobody sees a traceback unasked."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from saasdesk import app
from saasdesk.app import logs
from saasdesk.profile import Profile, open_profile
from saasdesk.web import REDACTOR

KEY = "a-key-only-for-this-test-4711"


@pytest.fixture
def words(profile_dir: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A command that meets a bug which throws a key around."""
    REDACTOR.add(KEY)

    def crash(*_: object) -> None:
        raise RuntimeError(f"it broke with {KEY}")

    monkeypatch.setattr("saasdesk.cli.variable.set_variable", crash)
    return ["--profile", str(profile_dir), "variable", "set", "A", "1"]


def test_p17_that_a_bug_is_one_sentence_and_the_log_has_the_rest(
    words: list[str], profile_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(words) == 1

    assert capsys.readouterr().err == (
        "Something went wrong that should not have (RuntimeError). The log says more; --debug shows it here.\n"
    )
    log = (profile_dir / "logs" / "saasdesk.log").read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "it broke with <secret>" in log


@pytest.mark.parametrize("place", [0, 2, 6])
def test_p07_that_debug_shows_the_traceback_without_the_key(
    words: list[str], profile_dir: Path, place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words.insert(place, "--debug")

    assert app.main(words) == 1

    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "it broke with <secret>" in said
    assert KEY not in said
    assert KEY not in (profile_dir / "logs" / "saasdesk.log").read_text(encoding="utf-8")


def test_that_a_bug_before_any_profile_was_found_names_no_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr("saasdesk.cli.connectors.describe", crash)

    assert app.main(["connectors", "--json"]) == 1
    assert capsys.readouterr().err == (
        "Something went wrong that should not have (RuntimeError). --debug shows more.\n"
    )


def test_that_without_a_display_the_window_is_refused_with_a_sentence(
    profile_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    assert app.main(["--profile", str(profile_dir)]) == 2
    assert capsys.readouterr().err == (
        "There is no display here for the window. Commands work without one: saasdesk --help\n"
    )


@pytest.fixture
def profile(profile_dir: Path) -> Profile:
    """A profile to log in."""
    return open_profile(profile_dir)


def test_p07_that_the_log_is_private_and_without_keys(profile: Profile) -> None:
    REDACTOR.add(KEY)

    with logs.writing_to(profile):
        logging.getLogger("saasdesk.test").warning("Authorization: %s at https://api.example.com/?q=1", KEY)

    file = profile.logs / "saasdesk.log"
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text(encoding="utf-8")
    assert KEY not in text
    assert "?q=1" not in text


def test_that_debug_logs_more_and_shows_it(profile: Profile, capsys: pytest.CaptureFixture[str]) -> None:
    for debug in (False, True):
        with logs.writing_to(profile, debug=debug):
            logging.getLogger("saasdesk.test").debug("a detail")
        assert ("a detail" in capsys.readouterr().err) is debug
    assert (profile.logs / "saasdesk.log").read_text(encoding="utf-8").count("a detail") == 1


def test_that_a_log_that_cannot_be_written_stops_nothing(profile: Profile, capsys: pytest.CaptureFixture[str]) -> None:
    (profile.logs / "saasdesk.log").mkdir()

    with logs.writing_to(profile):
        logging.getLogger("saasdesk.test").warning("lost")

    assert capsys.readouterr().err == ""


def test_that_logging_leaves_no_handler_behind(profile: Profile) -> None:
    before = list(logging.getLogger().handlers), logging.getLogger().level

    with logs.writing_to(profile, debug=True):
        pass

    assert (list(logging.getLogger().handlers), logging.getLogger().level) == before


def test_that_whoever_stops_reading_the_output_is_no_failure(profile_dir: Path) -> None:
    assert app.main(["--profile", str(profile_dir), "variable", "set", "A", "1"]) == 0
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "saasdesk", "--profile", str(profile_dir), "people", "--json"]

    with os.fdopen(writing, "w") as gone:
        done = subprocess.run(command, stdout=gone, stderr=subprocess.PIPE, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
