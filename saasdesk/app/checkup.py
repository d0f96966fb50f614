"""The check-up behind `saasdesk doctor`: every line says what was found and what to do."""

import ctypes.util
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from saasdesk import __version__
from saasdesk.clock import now
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.profile import Profile
from saasdesk.services import Finding
from saasdesk.store import Store
from saasdesk.store.audit import verify
from saasdesk.store.health import check_database

_COMFORTABLE_BYTES = 2_000_000_000
_FLOOR_BYTES = 500_000_000
# Two losses of a reference show at once; a healthy interpreter moves by a few at most.
_SIGNALS = 300


def examine(profile: Profile) -> list[Finding]:
    """Look at everything the program stands on; works beside an open window."""
    findings = [Finding("program", "ok", f"saasdesk {__version__}, Python {sys.version.split()[0]}")]
    for check in (_database, _keyring, _window_system, _qt_references, _tls, _disk, _clock):
        findings.extend(_guarded(check, profile))
    return findings


def _guarded(check: Callable[[Profile], list[Finding]], profile: Profile) -> list[Finding]:
    """A check that meets a problem itself reports it like any other."""
    name = check.__name__.strip("_").replace("_", " ")
    try:
        return check(profile)
    except UserError as error:
        return [Finding(name, "problem", str(error))]


def _database(profile: Profile) -> list[Finding]:
    if not profile.had_database:
        return [Finding("database", "ok", "not made yet; it comes with the first use")]
    with Store.open(profile, writable=False) as store:
        findings = [Finding(f.check, f.state, f.text, f.advice) for f in check_database(store)]
        broken = verify(store, threading.Event())
        if broken:
            advice = "Somebody edited the database by hand. Compare it with a backup."
            findings.append(Finding("audit log", "problem", broken[0], advice))
        else:
            findings.append(Finding("audit log", "ok", "whole"))
        return findings


def _keyring(profile: Profile) -> list[Finding]:
    state = Vault.look_at_keyring()
    if state.is_usable:
        return [Finding("keyring", "ok", f"{state.name} works: a value was stored, read back and removed")]
    return [Finding("keyring", "problem", state.text, "Unlock or install the keyring of your system; keys go nowhere else.")]


def _window_system(profile: Profile) -> list[Finding]:
    if sys.platform in {"win32", "darwin"}:
        return [Finding("window system", "ok", sys.platform)]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        advice = "Commands work; for the window log in to a desktop."
        return [Finding("window system", "warning", "no display here", advice)]
    missing = [name for name in ("xcb-cursor", "xkbcommon-x11", "EGL") if ctypes.util.find_library(name) is None]
    if missing:
        advice = "Install the system libraries that packaging/system_libraries.py names."
        return [Finding("window system", "problem", f"libraries are missing: {', '.join(missing)}", advice)]
    return [Finding("window system", "ok", os.environ.get("XDG_SESSION_TYPE") or "X11")]


def _qt_references(profile: Profile) -> list[Finding]:
    from PySide6 import __version__ as qt_version

    from saasdesk.ui.bridge import references_lost

    lost = references_lost(_SIGNALS)
    if lost:
        advice = "This PySide6 corrupts memory on this Python. Install one below 6.12."
        return [Finding("PySide6", "problem", f"{qt_version} loses references ({lost} in {_SIGNALS} signals)", advice)]
    return [Finding("PySide6", "ok", f"{qt_version}, no reference lost in {_SIGNALS} signals")]


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
        return [Finding("TLS trust", "problem", f"the extra CA file {extra} is not there", advice)]
    more = f", and {extra}" if extra else ""
    return [Finding("TLS trust", "ok", f"the system's trust store ({ssl.OPENSSL_VERSION}){more}")]


def _disk(profile: Profile) -> list[Finding]:
    free = shutil.disk_usage(profile.folder).free
    text = f"{free // 1_000_000:,} MB free in {profile.folder}"
    if free < _FLOOR_BYTES:
        return [Finding("disk", "problem", text, "Free some space: runs refuse to begin below 500 MB.")]
    if free < _COMFORTABLE_BYTES:
        return [Finding("disk", "warning", text, "Backups and large runs want 2 GB.")]
    return [Finding("disk", "ok", text)]


def _clock(profile: Profile) -> list[Finding]:
    moment = now()
    zone = time.strftime("%Z")
    if profile.database.exists():
        written = datetime.fromtimestamp(profile.database.stat().st_mtime, UTC)
        if (written - moment).total_seconds() > 86_400:
            text = f"the database was written on {written:%Y-%m-%d}, which lies in the future"
            return [Finding("clock", "warning", text, "Set this computer's clock: schedules depend on it.")]
    return [Finding("clock", "ok", f"{moment:%Y-%m-%d %H:%M} UTC, local zone {zone}")]
