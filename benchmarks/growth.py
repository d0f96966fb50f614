"""What a hundred nights of history add to the database, against the size of what changed."""

import sqlite3
import tempfile
from pathlib import Path

from benchmarks.measure import Bench, churn, vendors
from benchmarks.result import Findings, at_most

NIGHTS = 100
CHURN = 0.01
MOST = 3.0


def measure(people: int) -> Findings:
    """Nightly syncs of JumpCloud, one in a hundred changed each time; what changed is counted as the vendor sent it."""
    found = Findings()
    with tempfile.TemporaryDirectory() as folder, vendors(people) as access:
        bench = Bench(Path(folder, "bench"), access["jumpcloud"])
        bench.run()
        database = bench.folder / "profile" / "saasdesk.db"
        before, changed = _size(database), 0
        for _ in range(NIGHTS):
            churn(access["jumpcloud"], CHURN)
            bench.run()
            changed += _changed_last(database)
        grown = _size(database) - before
    found.add(
        "–",
        f"growth of the database over {NIGHTS} nights of {people:,} people at {CHURN:.0%}, against what changed",
        f"≤ {MOST:g} ×",
        f"{grown / changed:.2f} × ({grown / 2**20:.1f} MiB for {changed / 2**20:.1f} MiB)",
        at_most(grown / changed, MOST),
    )
    return found


def _size(database: Path) -> int:
    """What is used of the file, indexes counted."""
    with sqlite3.connect(database) as db:
        (pages,), (free,), (size,) = (
            db.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count", "page_size")
        )
    db.close()
    return int((pages - free) * size)


def _changed_last(database: Path) -> int:
    """The bytes of the vendor's records that the last run created or changed."""
    with sqlite3.connect(database) as db:
        (total,) = db.execute(
            """
            SELECT coalesce(sum(length(CAST(r.raw AS BLOB))), 0)
            FROM source_raw r JOIN source_link l USING (integration, vendor_id)
            WHERE l.saas_user IN (
                SELECT record FROM change WHERE object = 'saas_users'
                    AND session = (SELECT max(id) FROM sync_session))
               OR l.person IN (
                SELECT record FROM change WHERE object = 'people'
                    AND session = (SELECT max(id) FROM sync_session))
            """
        ).fetchone()
    db.close()
    return int(total)
