"""The check-up behind `saasdesk doctor`: every line says what was found and what to do."""

import ctypes.util
import os
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from saasdesk import __version__
from saasdesk.clock import now
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.store import Store
from saasdesk.store.health import Finding, State, check_database

_COMFORTABLE_BYTES = 2_000_000_000
_FLOOR_BYTES = 500_000_000
# Two losses of a reference show at once; a healthy interpreter moves by a few at most.
_SIGNALS = 300


def examine(profile: Profile) -> list[Finding]:
    """Look at everything the program stands on; works beside an open window."""
    findings = [Finding("program", State.OK, f"saasdesk {__version__}, Python {sys.version.split()[0]}")]
    for check in (_database, _keyring, _keys, _window_system, _qt_references, _tls, _disk, _clock):
        findings.extend(_guarded(check, profile))
    return findings


def _guarded(check: Callable[[Profile], list[Finding]], profile: Profile) -> list[Finding]:
    """A check that meets a problem itself reports it like any other."""
    name = check.__name__.strip("_").replace("_", " ")
    try:
        return check(profile)
    except UserError as error:
        return [Finding(name, State.PROBLEM, str(error))]


def _database(profile: Profile) -> list[Finding]:
    if not profile.had_database:
        return [Finding("database", State.OK, "not made yet; it comes with the first use")]
    with Store.open(profile, writable=False) as store:
        return check_database(store)


def _keyring(profile: Profile) -> list[Finding]:
    if profile.is_demo:
        return [Finding("keyring", State.OK, "the demo keeps its keys in memory; they open nothing but the simulator")]
    state = Vault.look_at_keyring()
    if state.is_usable:
        return [Finding("keyring", State.OK, f"{state.name} works: a value was stored, read back and removed")]
    return [
        Finding(
            "keyring", State.PROBLEM, state.text, "Unlock or install the keyring of your system; keys go nowhere else."
        )
    ]


def _keys(profile: Profile) -> list[Finding]:
    if not profile.had_database:
        return []
    today = now().astimezone().date()
    with Store.open(profile, writable=False) as store:
        warnings = [(key, key.expiry_warning(today)) for key in Vault(store).list()]
    return [
        Finding(
            "keys",
            State.PROBLEM if key.has_expired(today) else State.WARNING,
            warning,
            f'saasdesk credential set "{key.name}" --connector {key.connector} --expires DATE',
            "Replace it in Configuration, Credentials.",
            f"configuration:credentials:{key.name}",
        )
        for key, warning in warnings
        if warning is not None
    ]


def _window_system(_profile: Profile) -> list[Finding]:
    if sys.platform in {"win32", "darwin"}:
        return [Finding("window system", State.OK, sys.platform)]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        advice = "Commands work; for the window log in to a desktop."
        return [Finding("window system", State.WARNING, "no display here", advice)]
    missing = [name for name in ("xcb-cursor", "xkbcommon-x11", "EGL") if ctypes.util.find_library(name) is None]
    if missing:
        advice = "Install the system libraries that packaging/system_libraries.py names."
        return [Finding("window system", State.PROBLEM, f"libraries are missing: {', '.join(missing)}", advice)]
    return [Finding("window system", State.OK, os.environ.get("XDG_SESSION_TYPE") or "X11")]


def _qt_references(_profile: Profile) -> list[Finding]:
    from PySide6 import __version__ as qt_version

    lost = _references_lost()
    if lost:
        advice = "This PySide6 corrupts memory on this Python. Install one below 6.12."
        return [
            Finding("PySide6", State.PROBLEM, f"{qt_version} loses references ({lost} in {_SIGNALS} signals)", advice)
        ]
    return [Finding("PySide6", State.OK, f"{qt_version}, no reference lost in {_SIGNALS} signals")]


def _references_lost() -> int:
    """How many references to None and True some hundred signals cost; a healthy PySide6 costs none."""
    from PySide6.QtCore import QObject, Signal

    class Sender(QObject):
        nothing = Signal()
        something = Signal(object)

    sender = Sender()
    sender.nothing.connect(lambda: None)
    sender.something.connect(lambda _value: None)
    truth = True
    before = sys.getrefcount(None) + sys.getrefcount(truth)
    for _ in range(_SIGNALS):
        sender.nothing.emit()
        sender.something.emit(truth)
    lost = before - sys.getrefcount(None) - sys.getrefcount(truth)
    return lost if lost > _SIGNALS // 2 else 0


def _tls(profile: Profile) -> list[Finding]:
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    del context
    extra = None
    if profile.had_database:
        with Store.open(profile, writable=False) as store:
            extra = store.settings().extra_ca
    if extra is not None and not extra.exists():
        advice = "Correct it: saasdesk setting set extra_ca FILE"
        text, in_window = f"the extra CA file {extra} is not there", "Choose it again, under Network."
        return [Finding("TLS trust", State.PROBLEM, text, advice, in_window, "settings:network")]
    more = f", and {extra}" if extra else ""
    return [Finding("TLS trust", State.OK, f"the system's trust store ({ssl.OPENSSL_VERSION}){more}")]


def _disk(profile: Profile) -> list[Finding]:
    free = shutil.disk_usage(profile.folder).free
    text = f"{free // 1_000_000:,} MB free in {profile.folder}"
    if free < _FLOOR_BYTES:
        return [Finding("disk", State.PROBLEM, text, "Free some space: runs refuse to begin below 500 MB.")]
    if free < _COMFORTABLE_BYTES:
        return [Finding("disk", State.WARNING, text, "Backups and large runs want 2 GB.")]
    return [Finding("disk", State.OK, text)]


def _clock(profile: Profile) -> list[Finding]:
    moment = now()
    zone = time.strftime("%Z")
    if profile.database.exists():
        written = datetime.fromtimestamp(profile.database.stat().st_mtime, UTC)
        if (written - moment).total_seconds() > 86_400:
            text = f"the database was written on {written:%Y-%m-%d}, which lies in the future"
            return [Finding("clock", State.WARNING, text, "Set this computer's clock: schedules depend on it.")]
    return [Finding("clock", State.OK, f"{moment:%Y-%m-%d %H:%M} UTC, local zone {zone}")]
