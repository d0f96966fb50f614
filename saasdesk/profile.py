"""The profile: one private folder with the database, backups, exports and logs, and the lock for whoever writes."""

import contextlib
import json
import os
import re
import string
import subprocess
import sys
import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

from saasdesk import __version__
from saasdesk.errors import ExitCode, UserError

MARKER_NAME = "profile.json"

# SQLite's write-ahead log needs memory shared by every process, which these cannot give.
_NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afp", "afpfs", "afs", "webdav", "davfs", "davfs2", "ncpfs"}
    | {"ceph", "glusterfs", "lustre", "beegfs", "sshfs", "s3fs", "rclone", "gvfsd-fuse", "curlftpfs"}
)
_MAC_MOUNT_LINE = re.compile(r"^.+? on (?P<point>.+) \((?P<type>[^,)]+)")

# A Unix socket's path has room for 107 bytes on Linux and 103 on macOS.
_LONGEST_SOCKET_PATH = 100


class LockedProfile(UserError):
    """Another process has the profile open for writing."""

    def __init__(self, folder: Path, process: int | None) -> None:
        who = f"Another saasdesk (process {process})" if process else "Another saasdesk"
        super().__init__(f"{who} is using the profile {folder}. Close it and try again.", ExitCode.LOCKED)
        self.process = process


@dataclass(frozen=True, slots=True)
class Profile:
    """Where everything of one profile lies, and who it is."""

    folder: Path
    uuid: str
    is_demo: bool

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "saasdesk.db"

    def stage(self, number: int) -> Path:
        """The file in which one run gathers what it fetched; never kept."""
        return self.folder / f"stage-{number}.db"

    def left_stages(self) -> list[Path]:
        """What a crash left of such files."""
        return [*self.folder.glob("stage-*.db*"), *self.folder.glob("stage.db*")]

    def past(self, number: int) -> Path:
        """The file in which this process keeps what the records were at some moment, while somebody looks at it."""
        return self.folder / f"past-{os.getpid()}-{number}.db"

    def left_pasts(self) -> list[Path]:
        """What a crash left of such files."""
        return list(self.folder.glob("past-*.db*"))

    def preview(self, session: int) -> Path:
        """What the preview of this session fetched, kept so that its plan can be applied."""
        return self.folder / f"preview-{session}.db"

    def previews(self) -> list[Path]:
        """All such files."""
        return list(self.folder.glob("preview-*.db"))

    @property
    def backups(self) -> Path:
        """The folder of verified copies of the database."""
        return self.folder / "backups"

    @property
    def exports(self) -> Path:
        """The folder that exports go to unless the admin says otherwise."""
        return self.folder / "exports"

    @property
    def reports(self) -> Path:
        """The folder of what runs of reports keep: lines to compare with, and files that are still on their way."""
        return self.folder / "reports"

    @property
    def logs(self) -> Path:
        """The folder of the rotating log files."""
        return self.folder / "logs"

    @property
    def marker(self) -> Path:
        """The small file that says whose folder this is, and that there was a database."""
        return self.folder / MARKER_NAME

    @property
    def socket_name(self) -> str:
        """The name under which the open window listens for commands."""
        path = str(self.folder / "window.socket")
        if os.name == "posix" and len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
            return path
        return f"saasdesk-{self.uuid}"

    @property
    def had_database(self) -> bool:
        """Whether a database was once made here: then an absent one is a loss, not a beginning."""
        return _read_marker(self.marker).get("database_created") is True

    def remember_database(self) -> None:
        """Note that the database has been made, so that it is never made again over a damaged one."""
        _write_marker(self, database_created=True)


def default_folder(*, demo: bool = False) -> Path:
    """The folder used when none is named: SAASDESK_PROFILE, else a place in the user's data folder."""
    chosen = os.environ.get("SAASDESK_PROFILE", "").strip()
    return Path(chosen).expanduser() if chosen else usual_folder(demo=demo)


def usual_folder(*, demo: bool = False) -> Path:
    """The place in the user's data folder, whatever SAASDESK_PROFILE says."""
    # Local, not roaming: a roaming folder is a network drive in disguise.
    return platformdirs.user_data_path("saasdesk-demo" if demo else "saasdesk", appauthor=False, roaming=False)


def open_profile(folder: Path | None, *, demo: bool = False, create: bool = True) -> Profile:
    """Find the profile in this folder, or make it, readable by its owner alone.

    A UserError where there is none and none may be made, where a file is in the way, or where the demo would meet real
    data.
    """
    os.umask(0o077)
    place = (folder or default_folder(demo=demo)).expanduser().resolve()
    if place.exists() and not place.is_dir():
        raise UserError(f"{place} is a file. A profile is a folder; name another one with --profile.")
    refuse_network_folder(place)
    marker = place / MARKER_NAME
    if not create and not marker.exists():
        if folder is None and not os.environ.get("SAASDESK_PROFILE", "").strip():
            raise UserError(
                "There is nothing here yet: saasdesk has not been used in this account. "
                "Begin with `saasdesk credential set NAME --connector ID`, or look at `saasdesk demo`."
            )
        raise UserError(f"There is no saasdesk profile in {place}. Check --profile and SAASDESK_PROFILE.")
    _make_private_folder(place)
    if marker.exists():
        profile = _profile_of(place, _read_marker(marker))
        if demo and not profile.is_demo:
            raise UserError(
                f"The profile {place} holds real data and cannot show the demo. Name another folder with --profile."
            )
    else:
        profile = Profile(place, str(uuids.uuid4()), demo)
        # A database without its marker is somebody's data all the same.
        _write_marker(profile, database_created=profile.database.exists() and profile.database.stat().st_size > 0)
    for part in (profile.backups, profile.exports, profile.logs):
        _make_private_folder(part)
    return profile


def refuse_network_folder(folder: Path, mounts: Sequence[tuple[Path, str]] | None = None) -> None:
    """Raise if the folder lies on a drive of another machine, where the database would be damaged sooner or later."""
    kind = filesystem_of(folder, _mounts() if mounts is None else mounts)
    if kind.removeprefix("fuse.") in _NETWORK_FILESYSTEMS:
        raise UserError(
            f"The profile {folder} lies on a network drive ({kind}), which cannot hold the database safely. "
            "Name a folder on this computer with --profile."
        )


def linux_mounts(listing: str) -> list[tuple[Path, str]]:
    """Mount points and file system types from the text of /proc/self/mountinfo, in the order of mounting."""
    mounts = []
    for line in listing.splitlines():
        before, separator, after = line.partition(" - ")
        parts = before.split(" ")
        if separator and len(parts) > 4:
            point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), parts[4])
            mounts.append((Path(point), after.split(" ")[0]))
    return mounts


def filesystem_of(folder: Path, mounts: Sequence[tuple[Path, str]]) -> str:
    """The type of the innermost mount that holds the folder; of two on one point the later counts."""
    if folder.drive.startswith("\\\\"):
        return "smbfs"
    found, found_depth = "", -1
    for point, kind in mounts:
        depth = len(point.parts)
        if depth >= found_depth and folder.is_relative_to(point):
            found, found_depth = kind, depth
    return found


class ProfileLock:
    """The operating system's lock on a profile: one process writes, and the kernel frees it even after a kill.

    It is never judged by age: while the lock is there, so is its owner.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._file: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object has the lock now."""
        return self._file is not None

    def acquire(self) -> None:
        """Take the lock, or raise LockedProfile at once."""
        if self._file is not None:
            return
        file = os.open(self._profile.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock_file(file)
        except OSError:
            process = _read_process(file)
            os.close(file)
            raise LockedProfile(self._profile.folder, process) from None
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode("ascii"))
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()


def _lock_file(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        # A byte far behind the process number, which others want to read.
        os.lseek(file, 1024, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read_process(file: int) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        os.lseek(file, 0, os.SEEK_SET)
        return int(os.read(file, 20))
    return None


def _make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise UserError(
            f"The folder {folder} cannot be used: {error.strerror}. Name another one with --profile."
        ) from error


def _read_marker(marker: Path) -> dict[str, object]:
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{marker} cannot be read ({error}). Put it back from a copy of the profile.") from error
    if not isinstance(content, dict):
        raise UserError(f"{marker} is not what saasdesk wrote. Put it back from a copy of the profile.")
    return content


def _profile_of(folder: Path, content: dict[str, object]) -> Profile:
    try:
        uuid = str(uuids.UUID(str(content.get("uuid"))))
    except ValueError as error:
        raise UserError(f"{folder / MARKER_NAME} names no uuid. Put it back from a copy of the profile.") from error
    return Profile(folder, uuid, content.get("kind") == "demo")


def _write_marker(profile: Profile, *, database_created: bool) -> None:
    content = {
        "uuid": profile.uuid,
        "kind": "demo" if profile.is_demo else "standard",
        "made_by": __version__,
        "database_created": database_created,
    }
    unfinished = profile.marker.with_suffix(".tmp")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o600)
        unfinished.replace(profile.marker)
        sync_folder(profile.folder)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UserError(f"{profile.marker} cannot be written: {error.strerror}.", ExitCode.PARTLY) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _mounts() -> list[tuple[Path, str]]:
    if sys.platform == "win32":
        return _windows_drives()
    if sys.platform == "darwin":
        listing = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
        return mac_mounts(listing)
    try:
        return linux_mounts(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return []


def mac_mounts(listing: str) -> list[tuple[Path, str]]:
    """Mount points and file system types from what macOS's mount command prints."""
    matches = (_MAC_MOUNT_LINE.match(line) for line in listing.splitlines())
    return [(Path(match["point"]), match["type"]) for match in matches if match]


def _windows_drives() -> list[tuple[Path, str]]:
    if sys.platform == "win32":
        import ctypes

        remote = 4
        letters = (Path(f"{letter}:\\") for letter in string.ascii_uppercase)
        return [(drive, "smbfs") for drive in letters if ctypes.windll.kernel32.GetDriveTypeW(str(drive)) == remote]
    return []
