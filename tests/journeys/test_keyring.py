"""The key lives in a real GNOME Keyring and nowhere else; without one nothing takes its place."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.desktop import Desktop
from tests.journeys.shell import CREDENTIAL, NAME, PROGRAM, Shell, Vendors

pytestmark = pytest.mark.journey

# With every character that some writing escapes: a key of this kind would show in more than one shape.
ODD_KEY = 'u+Oddly/Long"Key\\with%all&of=them~'

# A store of the kind that Python's keyring library would fall back to: it writes into a file.
PLAINTEXT_STORE = """
import json, pathlib
from keyring.backend import KeyringBackend

FILE = pathlib.Path(__file__).with_name("stored.json")

class PlaintextKeyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username):
        return json.loads(FILE.read_text()).get(username) if FILE.exists() else None
    def set_password(self, service, username, password):
        FILE.write_text(json.dumps({username: password}))
    def delete_password(self, service, username):
        FILE.unlink()
"""

REFUSED = "No secure key store is available"
NO_FILES = "saasdesk does not store keys in files."


@pytest.fixture(scope="module")
def vendors(desktop: Desktop) -> Iterator[Vendors]:
    with Vendors(desktop, people=30) as served:
        yield served


def shapes(key: str) -> set[bytes]:
    """The key as it may stand in a file: plain, escaped, quoted, and inside of base64 at any place."""
    raw = key.encode()
    texts = {key, json.dumps(key)[1:-1], json.dumps(key)[1:-1].replace("/", r"\/"), repr(key)[1:-1]}
    texts |= {quote(key), quote(key, safe=""), quote(key, safe="").lower()}
    # Three positions in a group of base64, without the characters that depend on the neighbours.
    encoded = [base64.b64encode(b" " * shift + raw)[4:-4] for shift in range(3)]
    return {text.encode() for text in texts} | set(encoded) | {part.translate(URL_SAFE) for part in encoded}


URL_SAFE = bytes.maketrans(b"+/", b"-_")


def assert_nowhere(key: str, shell: Shell) -> None:
    """Search all output so far and every file that the program wrote."""
    files = {str(path): path.read_bytes() for path in shell.files()}
    assert any(name.endswith(".db") for name in files)
    written = {**files, "output": "\n".join(shell.said).encode()}
    found = [name for name, content in written.items() for shape in shapes(key) if shape in content]
    assert found == []


def test_that_the_key_survives_a_restart_of_the_keyring(vendors: Vendors, tmp_path: Path) -> None:
    with Desktop(screen=None, state=tmp_path / "state") as before:
        Shell(before, tmp_path / "work").connect(vendors)

    with Desktop(screen=None, state=tmp_path / "state") as after:
        shell = Shell(after, tmp_path / "work")
        result = shell.sync()

    assert (result["status"], result["fetched"]) == ("completed", 30)
    assert vendors.key.encode() not in b"".join(path.read_bytes() for path in shell.files())


def test_p08_that_a_locked_keyring_is_refused_and_never_waited_for(vendors: Vendors, tmp_path: Path) -> None:
    with Desktop(screen=None, state=tmp_path / "state") as before:
        Shell(before, tmp_path / "work").connect(vendors)

    with Desktop(screen=None, keyring="locked", state=tmp_path / "state") as locked:
        shell = Shell(locked, tmp_path / "work")
        run = shell.run("run", NAME, exit_code=3)
        replaced = shell.run(
            "credential", "set", CREDENTIAL, "--connector", "pagerduty", input=vendors.key, exit_code=3
        )

        assert "Your login keyring is locked. Unlock it" in run.stderr
        assert "Your login keyring is locked. Unlock it" in replaced.stderr
        latest = shell.json("sessions")[0]
        assert (latest["status"], latest["exit_code"]) == ("failed", 3)
        assert shell.json("people") == []
        assert_nowhere(vendors.key, shell)


@pytest.mark.parametrize("bus", [True, False], ids=["a bus without a keyring", "no bus"])
def test_p08_that_without_a_keyring_no_key_is_stored(vendors: Vendors, tmp_path: Path, bus: bool) -> None:
    with Desktop(screen=None, bus=bus, keyring=None) as bare:
        shell = Shell(bare, tmp_path)
        words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--base-url", vendors.base_url)

        done = shell.run(*words, input=vendors.key, exit_code=3)

        assert REFUSED in done.stderr
        assert NO_FILES in done.stderr
        assert done.stderr.count("\n") == 1
        assert shell.json("credential", "list") == []
        keyring = next(line for line in shell.json("doctor", exit_code=1) if line["check"] == "keyring")
        assert keyring["state"] == "problem"
        assert_nowhere(vendors.key, shell)


@pytest.fixture
def plaintext(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A plaintext store that the keyring library would choose, by its variable and by its settings file."""
    folder = tmp_path / "elsewhere"
    (folder / "python_keyring").mkdir(parents=True)
    (folder / "plainstore.py").write_text(PLAINTEXT_STORE, encoding="utf-8")
    settings = f"[backend]\ndefault-keyring=plainstore.PlaintextKeyring\nkeyring-path={folder}\n"
    (folder / "python_keyring" / "keyringrc.cfg").write_text(settings, encoding="utf-8")
    environment = {
        "PYTHON_KEYRING_BACKEND": "plainstore.PlaintextKeyring",
        "PYTHONPATH": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    return folder / "stored.json", environment


def test_p08_that_a_plaintext_keyring_is_refused(
    vendors: Vendors, tmp_path: Path, plaintext: tuple[Path, dict[str, str]]
) -> None:
    file, environment = plaintext
    with Desktop(screen=None, keyring=None) as bare:
        shell = Shell(bare, tmp_path / "work", **environment)
        would_choose = bare.run([sys.executable, "-c", "import keyring; print(keyring.get_keyring())"], env=shell.env)
        assert "plainstore" in would_choose.stdout

        done = shell.run("credential", "set", CREDENTIAL, "--connector", "pagerduty", input=vendors.key, exit_code=3)

        assert f"{REFUSED} (found: plainstore.PlaintextKeyring). {NO_FILES}" in done.stderr
        assert not file.exists()
        assert_nowhere(vendors.key, shell)


def test_p08_that_a_preferred_plaintext_keyring_is_passed_over_for_the_real_one(
    desktop: Desktop, vendors: Vendors, tmp_path: Path, plaintext: tuple[Path, dict[str, str]]
) -> None:
    file, environment = plaintext
    environment.pop("XDG_CONFIG_HOME")
    shell = Shell(desktop, tmp_path / "work", **environment)

    shell.connect(vendors)

    assert shell.sync()["status"] == "completed"
    assert not file.exists()
    assert_nowhere(vendors.key, shell)


def test_p08_that_a_key_from_the_environment_works_without_a_keyring_and_is_never_stored(
    vendors: Vendors, tmp_path: Path
) -> None:
    with Desktop(screen=None, bus=False) as bare:
        shell = Shell(bare, tmp_path, SAASDESK_CREDENTIAL_PD_KEY=vendors.key)
        words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--no-secret")
        # Only the key itself may widen where it goes, so the address of this vendor has to come with the key.
        refused = shell.run(*words, "--base-url", vendors.base_url, exit_code=None)
        shell.apply()
        shell.run("integration", "launch", NAME)

        result = shell.sync()

        assert refused.returncode == 0
        assert result["status"] == "completed"
        assert shell.json("credential", "list")[0]["source"] == "environment"
        without = Shell(bare, tmp_path)
        failed = without.run("run", NAME, exit_code=3)
        assert "SAASDESK_CREDENTIAL_PD_KEY" in failed.stderr
        assert_nowhere(vendors.key, shell)


# The program with a bug in it that throws the very key around.
CRASHING = """
import sys
from saasdesk.app import main
from saasdesk.credentials import access

def crash(origins, base_url, sign_in, secret, *_, **__):
    key = secret.reveal()
    raise RuntimeError(f"Authorization: Token token={key}", key.encode(), {"key": key}, f"?token={key}")

access.VendorSession = crash
sys.exit(main())
"""


def run_crashing(shell: Shell, *words: str) -> subprocess.CompletedProcess[str]:
    crashed = shell.desktop.run([sys.executable, "-c", CRASHING, *words], env=shell.env)
    shell.said += [crashed.stdout, crashed.stderr]
    assert crashed.returncode == 1
    return crashed


def test_p07_that_the_key_is_in_no_file_and_in_no_output(desktop: Desktop, vendors: Vendors, tmp_path: Path) -> None:
    shell = Shell(desktop, tmp_path)
    shell.connect(vendors)
    for words in (
        ("run", NAME, "--preview", "--debug"),
        ("run", NAME, "--json", "--debug"),
        ("credential", "list"),
        ("credential", "test", CREDENTIAL, "--debug"),
        ("integration", "export", NAME),
        ("export", "people", "--to", "people.csv"),
        ("export", "saas-users", "--to", "users.csv"),
        ("export", "changes", "--to", "changes.csv"),
        ("session", "2", "--json"),
        ("audit", "verify"),
        ("backup", "copy.db"),
    ):
        shell.run(*words)
    vendors.fault("status", status=401, times=1)
    shell.run("run", NAME, "--debug", exit_code=3)

    crashed = run_crashing(shell, "run", NAME, "--debug")
    silent = run_crashing(shell, "run", NAME)

    assert "RuntimeError" in crashed.stderr
    assert "<secret>" in crashed.stderr
    assert silent.stderr.splitlines()[-1].startswith("Something went wrong that should not have (RuntimeError).")
    assert "Traceback" not in silent.stderr
    assert "RuntimeError" in (shell.profile / "logs" / "saasdesk.log").read_text(encoding="utf-8")
    assert_nowhere(vendors.key, shell)


def test_p07_that_no_shape_of_an_odd_key_is_written_anywhere(
    desktop: Desktop, vendors: Vendors, tmp_path: Path
) -> None:
    shell = Shell(desktop, tmp_path)
    words = ("credential", "set", CREDENTIAL, "--connector", "pagerduty", "--base-url", vendors.base_url)
    shell.run(*words, "--debug", input=f"  {ODD_KEY}\r\n")
    shell.apply()
    shell.run("integration", "launch", NAME)

    test = shell.run("credential", "test", CREDENTIAL, "--debug", exit_code=3)
    run = shell.run("run", NAME, "--debug", exit_code=3)
    crashed = run_crashing(shell, "credential", "test", CREDENTIAL, "--debug")

    assert "<secret>" in crashed.stderr
    assert "refused the key (401)" in test.stderr
    assert "refused the key (401)" in run.stderr
    assert_nowhere(ODD_KEY, shell)


def test_p07_that_no_command_takes_a_key_as_an_argument(shell: Shell) -> None:
    done = shell.run("credential", "set", CREDENTIAL, "--connector", "pagerduty", "a-key-on-the-line", exit_code=2)

    assert "a-key-on-the-line" not in shell.run("credential", "set", "--help").stdout
    assert done.stderr.count("\n") == 1
    assert not (shell.profile / "saasdesk.db").exists()
    assert PROGRAM.exists()


def test_p07_that_a_new_key_and_a_secret_value_go_through_a_pipe_into_the_keyring_alone(
    desktop: Desktop, vendors: Vendors, tmp_path: Path
) -> None:
    shell = Shell(desktop, tmp_path)
    shell.connect(vendors)
    other = vendors.keys()["read_only"]

    refused = shell.run("credential", "replace", CREDENTIAL, "--debug", input=f"{ODD_KEY}\n", exit_code=3)
    assert "refused the key (401)" in refused.stderr
    assert shell.sync()["status"] == "completed"
    shell.run("credential", "replace", CREDENTIAL, input=f" Token token={other}\r\n")
    shell.run("credential", "rename", CREDENTIAL, "another name")
    shell.run("variable", "set", "Zendesk.Token", "--secret", input="s3cret/Value+of+nobody\n")

    assert shell.sync()["status"] == "completed"
    assert shell.json("credential", "list")[0]["used_by"] == [NAME]
    assert shell.json("variable", "list") == [{"key": "Zendesk.Token", "value": "••••", "secret": True}]
    shell.run("integration", "export", NAME)
    shell.run("backup", "copy.db")
    for secret in (vendors.key, other, ODD_KEY, "s3cret/Value+of+nobody"):
        assert_nowhere(secret, shell)
