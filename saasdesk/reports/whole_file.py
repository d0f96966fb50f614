"""Files that appear whole under their name, or not at all; and a sentence for whatever a disk refuses."""

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from saasdesk.errors import ExitCode, UserError


def copy_whole(copies: dict[Path, Path]) -> None:
    """Copy files to others, all of which appear at the end; a UserError says why none did."""
    first = next(iter(copies.values()))
    with sentences_for_disk_errors(first), contextlib.ExitStack() as unfinished:
        made = {}
        for source, target in copies.items():
            made[target] = unfinished.enter_context(new_file_beside(target))
            with source.open("rb") as opened:
                shutil.copyfileobj(opened, made[target].file)
        publish(made)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file of another name, open for writing, until it is published."""

    path: Path
    file: BinaryIO

    def sha256(self) -> str:
        """The hash of all that was written."""
        self.file.flush()
        with self.path.open("rb") as whole:
            return hashlib.file_digest(whole, "sha256").hexdigest()


@contextlib.contextmanager
def new_file_beside(target: Path) -> Iterator[Unfinished]:
    """A file of another name in the target's folder, for its owner's eyes only; it goes unless it is published."""
    handle, name = tempfile.mkstemp(prefix=".export-", suffix=".part", dir=target.parent)
    path = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - mkstemp made it with mode 0600 and opened it
            yield Unfinished(path, file)
    finally:
        path.unlink(missing_ok=True)


def publish(finished: dict[Path, Unfinished]) -> None:
    """Give finished files their names, after they are safely on the disk."""
    for unfinished in finished.values():
        unfinished.file.flush()
        os.fsync(unfinished.file.fileno())
    for target, unfinished in finished.items():
        unfinished.path.replace(target)
    _sync_folder(next(iter(finished)).parent)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder, and keeps the order of renames by itself.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def sentences_for_disk_errors(target: Path) -> Iterator[None]:
    """What a disk says becomes a sentence about this file."""
    try:
        yield
    except OSError as error:
        raise UserError(_what_went_wrong(error, target), ExitCode.PARTLY) from error


def _what_went_wrong(error: OSError, target: Path) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return f"The disk is full. Nothing was saved as {target}. Free some space or choose another folder."
        case errno.ENOENT | errno.ENOTDIR:
            return f"The folder {target.parent} is not there. Choose another one, or make it first."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"You may not write to {target.parent}. Choose another folder."
        case _:
            return f"{target} could not be saved: {error.strerror or error}."
