"""A command typed beside an open window: carried out there, answered here."""

import io
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from saasdesk import app
from saasdesk.app import handover
from saasdesk.credentials import Vault
from saasdesk.profile import Profile, open_profile
from saasdesk.services import Services
from saasdesk.store import Store
from tests.app.conftest import OpenWindow, make_terminal, open_window, printed


def wait_until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return holds()


def profile_of(window: OpenWindow) -> Profile:
    return window.services.profile


def test_that_a_command_changes_what_the_window_has_open_and_answers_here(window: OpenWindow) -> None:
    terminal = make_terminal()

    code = handover.send(profile_of(window), ["variable", "set", "Region", "EU"], terminal)

    assert (code, printed(terminal)) == (0, ("Region is set.\n", ""))
    listing = make_terminal()
    assert handover.send(profile_of(window), ["variable", "list", "--json"], listing) == 0
    assert json.loads(printed(listing)[0]) == [{"key": "Region", "value": "EU"}]


def test_p17_that_a_failure_there_has_its_sentence_and_exit_code_here(window: OpenWindow) -> None:
    terminal = make_terminal()

    code = handover.send(profile_of(window), ["integration", "launch", "Nix"], terminal)

    assert (code, printed(terminal)) == (2, ("", "There is no integration “Nix”. Here are: none yet.\n"))


def test_that_a_secret_is_asked_for_here_and_reaches_the_window(window: OpenWindow) -> None:
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return "short"

    terminal = make_terminal(answer)
    words = ["credential", "set", "pd", "--connector", "pagerduty"]

    code = handover.send(profile_of(window), words, terminal)

    assert prompts == ["Key for PagerDuty: "]
    assert code == 3
    assert "The key has 5 characters" in printed(terminal)[1]


def test_that_a_file_is_looked_for_where_the_command_was_typed(
    window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_in = tmp_path / "typed here"
    typed_in.mkdir()
    (typed_in / "pd.toml").write_text('name = "PD"\nconnector = "pagerduty"\n', encoding="utf-8")
    terminal = make_terminal(folder=typed_in)

    code = handover.send(profile_of(window), ["integration", "apply", "pd.toml"], terminal)

    assert (code, printed(terminal)[1]) == (0, "")


def test_that_a_cancel_here_sets_the_stop_there(window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    is_asked = threading.Event()

    def answer(_prompt: str) -> str:
        is_asked.set()
        raise KeyboardInterrupt

    terminal = make_terminal(answer)
    words = ["credential", "set", "pd", "--connector", "pagerduty"]

    code = handover.send(profile_of(window), words, terminal)

    assert is_asked.is_set()
    assert code == 130
    assert wait_until(window.desks[0].stop.is_set)


def test_that_a_command_that_hangs_up_stops_what_it_began(window: OpenWindow) -> None:
    line = handover._connect(profile_of(window))
    assert line is not None
    line.write({"words": ["credential", "set", "pd", "--connector", "pagerduty"]})
    assert line.read() == {"ask": "Key for PagerDuty: "}

    line.close()

    assert wait_until(window.desks[0].stop.is_set)


def test_that_a_second_start_raises_the_open_window(window: OpenWindow) -> None:
    assert handover.raise_open_window(profile_of(window))
    assert window.raised.wait(5)
    assert window.desks == []


def test_that_a_wrong_token_is_answered_with_nothing(window: OpenWindow) -> None:
    file = profile_of(window).folder / "window.json"
    address = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**address, "token": "0" * 32}), encoding="utf-8")
    terminal = make_terminal()

    code = handover.send(profile_of(window), ["variable", "set", "Region", "EU"], terminal)

    assert code == 5
    assert printed(terminal) == ("", "The open window ended before the command did. Run it again.\n")
    assert window.desks == []


@pytest.mark.parametrize("sent", [b"\n", b"no JSON\n", b"[1, 2]\n", b'{"token": null}\n', b'{"words": ["people"]}\n'])
def test_that_a_stranger_who_says_anything_else_is_hung_up_on(window: OpenWindow, sent: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.settimeout(5)
        stranger.connect(profile_of(window).socket_name)

        stranger.sendall(sent)

        assert stranger.recv(100) == b""
    assert window.desks == []


def test_that_address_and_socket_are_for_the_owner_alone_and_go_with_the_window(profile_dir: Path) -> None:
    with open_window(profile_dir) as window:
        files = [profile_of(window).folder / "window.json", Path(profile_of(window).socket_name)]
        assert [file.stat().st_mode & 0o077 for file in files] == [0, 0]

    assert [file.exists() for file in files] == [False, False]


def test_that_a_window_that_is_gone_is_exit_5_and_a_sentence(profile_dir: Path) -> None:
    with open_window(profile_dir) as window:
        profile = profile_of(window)
    terminal = make_terminal()

    assert not handover.somebody_listens(profile)
    assert not handover.raise_open_window(profile)
    assert handover.send(profile, ["people"], terminal) == 5
    assert printed(terminal)[1] == "An open window holds the profile and does not answer. Close it and try again.\n"


def test_that_a_profile_too_deep_for_a_socket_is_reached_all_the_same(tmp_path: Path) -> None:
    deep = tmp_path / ("deeper" * 12) / ("and deeper" * 6)

    with open_window(deep) as window:
        terminal = make_terminal()

        assert len(str(profile_of(window).folder)) > 107
        assert handover.send(profile_of(window), ["variable", "set", "A", "1"], terminal) == 0


def test_that_the_program_hands_a_writing_command_over(window: OpenWindow, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--profile", str(profile_of(window).folder)]

    assert app.main([*words, "variable", "set", "Region", "EU"]) == 0
    assert capsys.readouterr().out == "Region is set.\n"
    assert len(window.desks) == 1

    # What only reads stays here.
    assert app.main([*words, "variable", "list"]) == 0
    assert capsys.readouterr().out == "Key\tValue\nRegion\tEU\n"
    assert len(window.desks) == 1


def test_that_beside_an_open_window_the_schedule_is_left_to_it(
    window: OpenWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--profile", str(profile_of(window).folder), "run", "--due"]

    assert app.main(words) == 0
    assert capsys.readouterr().out == "The open window keeps the schedule; nothing was started here.\n"
    assert app.main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert window.desks == []


def test_that_a_piped_key_is_read_once_though_the_command_begins_twice(
    window: OpenWindow, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a-key-of-24-characters!\n"))
    words = ["--profile", str(profile_of(window).folder), "credential", "set", "pd", "--connector", "pagerduty"]

    app.main(words)

    # Without a keyring it is refused there, but it did arrive.
    assert "The key has 0 characters" not in capsys.readouterr().err


def test_that_the_window_learns_that_a_command_was_carried_out_before_the_shell_does(profile_dir: Path) -> None:
    with Store.open(open_profile(profile_dir)) as store:
        opened = OpenWindow(Services(store.profile, store, Vault(store)))
        carried_out: list[str] = []
        listener = handover.Listener(
            store.profile, opened.make_desk, opened.raised.set, carried_out=lambda: carried_out.append("done")
        )
        try:
            code = handover.send(store.profile, ["variable", "set", "company", "Nix"], make_terminal())
        finally:
            listener.close()

    assert (code, carried_out) == (0, ["done"])
