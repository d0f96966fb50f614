#!/usr/bin/env python3
"""Finds the system libraries, fonts and programs that saasdesk misses on this machine, and on Debian gets them.

    python3 packaging/system_libraries.py [--tests]

As root it installs what is missing with apt-get, otherwise it prints the one line to run. It uses nothing but the
standard library, because it runs before anything is installed.
"""

import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """Something saasdesk looks for on the machine, and the Debian package that brings it."""

    kind: str
    name: str
    package: str
    # The program starts without it, it only looks worse.
    is_optional: bool = False


# Both kinds of Qt display: the first seven are enough to draw into memory, a real window needs all of them.
WINDOW = (
    Need("library", "libglib-2.0.so.0", "libglib2.0-0"),
    Need("library", "libGL.so.1", "libgl1"),
    Need("library", "libEGL.so.1", "libegl1"),
    Need("library", "libfontconfig.so.1", "libfontconfig1"),
    Need("library", "libxkbcommon.so.0", "libxkbcommon0"),
    Need("library", "libdbus-1.so.3", "libdbus-1-3"),
    Need("library", "libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    Need("library", "libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("library", "libxcb-cursor.so.0", "libxcb-cursor0"),
    Need("library", "libxcb-icccm.so.4", "libxcb-icccm4"),
    Need("library", "libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Need("library", "libxcb-shape.so.0", "libxcb-shape0"),
    Need("font", "DejaVuSans", "fonts-dejavu-core"),
    Need("font", "Inter-Regular", "fonts-inter", is_optional=True),
    Need("module", "ensurepip", "python3-venv"),
)

# The tests bring their own screen, window manager, session bus and keyring.
TESTS = (
    Need("program", "Xvfb", "xvfb"),
    Need("program", "openbox", "openbox"),
    Need("program", "xdotool", "xdotool"),
    Need("program", "xprop", "x11-utils"),
    Need("program", "import", "imagemagick"),
    Need("program", "dbus-daemon", "dbus"),
    Need("program", "gnome-keyring-daemon", "gnome-keyring"),
)


def find_missing(needs: Iterable[Need], is_there: Callable[[Need], bool]) -> list[Need]:
    """What of `needs` this machine does not have."""
    return [need for need in needs if not is_there(need)]


def is_on_this_machine(need: Need) -> bool:
    """Whether the library loads, the font is in a font folder, the program on the path, the module importable."""
    if need.kind == "library":
        try:
            ctypes.CDLL(need.name)
        except OSError:
            return False
        return True
    if need.kind == "font":
        home = Path.home()
        folders = (
            Path("/usr/share/fonts"),
            Path("/usr/local/share/fonts"),
            home / ".local/share/fonts",
            home / ".fonts",
        )
        return any(next(folder.rglob(f"{need.name}*.[ot]t[fc]"), None) for folder in folders)
    if need.kind == "program":
        return shutil.which(need.name) is not None
    return importlib.util.find_spec(need.name) is not None


def packages_of(needs: Iterable[Need]) -> list[str]:
    """The Debian packages to install, each once, in the order of the list above."""
    return list(dict.fromkeys(need.package for need in needs))


def install(packages: Sequence[str]) -> bool:
    """Gets the packages with apt-get; shows what apt-get said only when it failed."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt_get = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"]
    # A fresh container has no package lists at all; old lists name files that are gone.
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt_get, *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stdout[-2000:] + done.stderr[-2000:], file=sys.stderr)
            return False
    return True


def main(
    arguments: Sequence[str] | None = None,
    is_there: Callable[[Need], bool] = is_on_this_machine,
    has_apt: bool | None = None,
    is_root: bool | None = None,
    get: Callable[[Sequence[str]], bool] = install,
) -> int:
    """The whole script; what it asks the machine can be answered by a test instead."""
    parser = argparse.ArgumentParser(
        description="Find the system libraries that saasdesk misses; as root, install them."
    )
    parser.add_argument(
        "--tests", action="store_true", help="also what the tests need: a screen, a session bus, a keyring"
    )
    needs = WINDOW + (TESTS if parser.parse_args(arguments).tests else ())
    has_apt = shutil.which("apt-get") is not None if has_apt is None else has_apt
    is_root = os.geteuid() == 0 if is_root is None else is_root

    missing = find_missing(needs, is_there)
    if not missing:
        return 0
    if not has_apt:
        names = ", ".join(need.name for need in missing)
        print(
            f"Going on without these, which this system does not have: {names}. Please install them with its own tools."
        )
        return 0
    packages = packages_of(missing)
    if not is_root:
        command = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
        if all(need.is_optional for need in missing):
            print(f"It will look better after: {command}")
            return 0
        print(
            f"saasdesk needs some system packages first. Please run this line, then try again:\n\n    {command}\n",
            file=sys.stderr,
        )
        return 1
    print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
    is_well = get(packages)
    still_missing = [need for need in find_missing(missing, is_there) if not need.is_optional]
    if still_missing:
        names = ", ".join(need.name for need in still_missing)
        reason = "apt-get installed their packages" if is_well else "apt-get failed and said why above"
        print(f"These are still missing: {names}; {reason}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
