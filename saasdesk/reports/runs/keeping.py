"""How many files of a report stay in its folder: only what we put there, as we put it, makes room."""

import contextlib
import hashlib
from pathlib import Path

from saasdesk.reports.csv_export import manifest_beside
from saasdesk.reports.runs import rows
from saasdesk.store import Store


def let_older_go(store: Store, report: str, folder: Path, keep: int) -> int:
    """Take away all but the newest files of the report in this folder; returns how many went.

    What somebody has changed, moved or taken away since is theirs.
    """
    if not keep:
        return 0
    with store.reading() as db:
        delivered = [run for run in rows.delivered_files(db, report) if Path(run.file).parent == folder]
    gone = 0
    for run in delivered[keep:]:
        file = Path(run.file)
        if _hash_of(file) == run.sha256:
            with contextlib.suppress(OSError):
                file.unlink()
                manifest_beside(file).unlink(missing_ok=True)
                gone += 1
    if delivered[keep:]:
        numbers = [run.id for run in delivered[keep:]]
        store.write(lambda db: rows.forget_files(db, numbers))
    return gone


def _hash_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""
