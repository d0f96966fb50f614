"""The files of a support bundle, made from an allow-list, looked through once more before anything is written."""

import platform
import re
import sys
import threading
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

import orjson

from saasdesk import __version__
from saasdesk.credentials import Vault
from saasdesk.errors import Cancelled, UserError
from saasdesk.notices.outbox import PASSWORD
from saasdesk.profile import Profile
from saasdesk.settings import Settings
from saasdesk.store import Store
from saasdesk.store.health import Finding
from saasdesk.support import rows
from saasdesk.support.scrub import MAIL_ADDRESS, Scrubber, without_people
from saasdesk.sync.integrations import list_integrations
from saasdesk.sync.sessions import list_sessions
from saasdesk.web import REDACTOR

_PACKAGES = ("PySide6-Essentials", "requests", "urllib3", "orjson", "keyring", "peewee", "pydantic", "truststore")
_MOST_SESSIONS = 200
# How a line of the log begins: when, and how serious it is.
_ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ([A-Z]+) ", re.MULTILINE)
_MOST_LOG_BYTES = 1_000_000
# The counts of a run; what it says in words may name people.
_NUMBERS = (int, float, bool)
# Settings that are a choice or a number. The others are only said to be set.
_PLAIN = (int, bool)
_WORDS = ("tray", "smtp_security", "theme", "density", "motion", "numbers", "dates", "currency", "log_level")


# Where a sentence may name somebody; the other files have numbers and words of our own.
_WRITTEN_IN_WORDS = ("check-up.txt", "saasdesk.log")


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file, as it will be written; `about` says what it is for."""

    name: str
    about: str
    text: str


def collect(
    profile: Profile,
    store: Store | None,
    findings: Sequence[Finding],
    stop: threading.Event | None = None,
) -> list[BundleFile]:
    """Everything that can be handed on, clean already. Without a store, what can be told without the database."""
    if store is not None:
        _make_secrets_known(store)
    scrubber = Scrubber()
    wanted: list[tuple[str, str, Callable[[], str]]] = [
        ("versions.txt", "The program, this system, and the packages in use", _versions),
        ("check-up.txt", "What the check-up finds", lambda: _check_up(findings)),
    ]
    if store is not None:
        wanted += [
            ("settings.json", "The settings; texts are only said to be set", lambda: _settings(store.settings())),
            ("schema.sql", "How the database is built", lambda: _schema(store)),
            ("counts.json", "How many rows each table has", lambda: _counts(store)),
            ("sessions.json", "The latest runs: status, duration, counts", lambda: _sessions(store)),
        ]
    wanted.append(("saasdesk.log", "The end of the program's log", lambda: _log(profile)))
    files = []
    for name, about, make in wanted:
        if stop is not None and stop.is_set():
            raise Cancelled
        text = scrubber.clean(make())
        if store is not None and name in _WRITTEN_IN_WORDS:
            text = without_people(text, partial(_names_among, store))
        files.append(BundleFile(name, about, text))
    return files


def write_bundle(files: Sequence[BundleFile], target: Path) -> Path:
    """Write the files as they were shown, unless one of them holds what may not leave this computer."""
    target = target.expanduser().absolute()
    if not files:
        raise UserError("Nothing is ticked, so there is nothing to write.")
    if not target.parent.is_dir():
        raise UserError(f"There is no folder {target.parent}. Make it first, or name another file.")
    if target.exists() and not zipfile.is_zipfile(target):
        raise UserError(f"{target} is something else than a bundle. Nothing was written; name another file.")
    for file in files:
        _refuse_leak(file)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.writestr(file.name, file.text)
        unfinished.chmod(0o600)
        unfinished.replace(target)
    except OSError as error:
        raise UserError(f"{target} could not be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _refuse_leak(file: BundleFile) -> None:
    what = "a key" if REDACTOR.finds_secret(file.text) else "a mail address" if MAIL_ADDRESS.search(file.text) else ""
    if what:
        raise UserError(f"{file.name} still holds {what}. Nothing was written; leave this file out.")


def _make_secrets_known(store: Store) -> None:
    """Whatever the keyring has must be recognised, also where this process never used it."""
    vault = Vault(store)
    for credential in vault.list():
        # A key that cannot be had now cannot be recognised either; the log never held it.
        with suppress(UserError):
            vault.get_secret(credential.name)
    with suppress(UserError):
        password = vault.place(PASSWORD).get()
        if password is not None:
            REDACTOR.add(password)


def _versions() -> str:
    lines = [
        f"saasdesk {__version__}",
        f"Python {sys.version.split()[0]} ({platform.python_implementation()})",
        f"{platform.system()} {platform.release()} {platform.machine()}",
    ]
    for package in _PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            lines.append(f"{package} {metadata.version(package)}")
    return "\n".join(lines) + "\n"


def _check_up(findings: Sequence[Finding]) -> str:
    lines = [f"{each.state.value}: {each.subject}: {each.text}" for each in findings]
    return "\n".join(lines) + "\n"


def _settings(settings: Settings) -> str:
    shown: dict[str, object] = {}
    for key, value in settings.model_dump(mode="json").items():
        if isinstance(value, _PLAIN) or key in _WORDS:
            shown[key] = value
        elif isinstance(value, list):
            shown[key] = f"{len(value)} entries"
        else:
            shown[key] = "set" if value else "not set"
    return _json(shown)


def _schema(store: Store) -> str:
    with store.reading() as db:
        return "".join(f"{sql};\n" for _, sql in rows.schema(db))


def _counts(store: Store) -> str:
    with store.reading() as db:
        return _json(rows.counts(db))


def _sessions(store: Store) -> str:
    connectors = {each.id: each.document.connector for each in list_integrations(store)}
    return _json(
        [
            {
                "session": each.id,
                "integration": each.integration,
                "connector": connectors.get(each.integration or 0, ""),
                "kind": each.kind,
                "status": each.status.value,
                "phase": each.phase,
                "started_at": each.started_at,
                "finished_at": each.finished_at,
                "exit_code": each.exit_code,
                "counts": _numbers(each.counts),
            }
            for each in list_sessions(store, limit=_MOST_SESSIONS)
        ]
    )


def _names_among(store: Store, candidates: set[str]) -> set[str]:
    with store.reading() as db:
        return rows.names_among(db, candidates)


def _numbers(counts: object) -> object:
    if isinstance(counts, dict):
        kept = {str(key): _numbers(value) for key, value in counts.items()}
        return {key: value for key, value in kept.items() if value is not None}
    return counts if isinstance(counts, _NUMBERS) else None


def _log(profile: Profile) -> str:
    """The end of the log, whole lines only; the file before it where the present one is short."""
    text = ""
    for path in (profile.logs / "saasdesk.log", profile.logs / "saasdesk.log.1"):
        if path.is_file() and len(text) < _MOST_LOG_BYTES:
            text = path.read_text("utf-8", "replace") + text
    _, _, end = ("\n" + text)[-_MOST_LOG_BYTES:].partition("\n")
    return end or "There is no log yet.\n"


def last_error(profile: Profile) -> str:
    """The last error of the log with what follows it; empty where there is none. The log never held a key."""
    log = _log(profile)
    starts = [found.start() for found in _ENTRY.finditer(log)]
    errors = [found.start() for found in _ENTRY.finditer(log) if found[1] in ("ERROR", "CRITICAL")]
    if not errors:
        return ""
    end = next((start for start in starts if start > errors[-1]), len(log))
    return REDACTOR.redact(log[errors[-1] : end]).strip()


def _json(content: object) -> str:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"
