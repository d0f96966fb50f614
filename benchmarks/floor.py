"""The bare script to compare with: the shortest honest way to keep a PagerDuty account in SQLite.

It has no plan, no proof, no safeguard, no retries: one session, hand-written mapping, hashes, an upsert, a history row
a changed field, and the missing marked. Whatever saasdesk takes more than this is the price of what it promises.
"""

import hashlib
import sqlite3
import sys
from typing import Any

import orjson
import requests

FIELDS = (
    "name",
    "email",
    "role",
    "job_title",
    "time_zone",
    "description",
    "color",
    "avatar_url",
    "summary",
    "html_url",
)
MORE = (
    "type",
    "invitation_sent",
    "created_via_sso",
    "billed",
    "teams",
    "licence",
    "licence_since",
    "last_sign_in",
    "url",
    "seen",
)
COLUMNS = (*FIELDS, *MORE)


def listing(session: requests.Session, url: str, path: str, key: str) -> Any:
    """Every row of a list, page by page."""
    offset, more = 0, True
    while more:
        page = orjson.loads(session.get(f"{url}/{path}", params={"limit": 100, "offset": offset}).content)
        yield page[key]
        offset, more = offset + len(page[key]), page["more"]


def details(session: requests.Session, url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Licence and last sign-in of each user."""
    licences = {
        row["user"]["id"]: row
        for rows in listing(session, url, "license_allocations", "license_allocations")
        for row in rows
    }
    sign_ins: dict[str, Any] = {}
    after, more = None, True
    while more:
        body = {"limit": 1000, "order": "asc", "order_by": "user_id", **({"starting_after": after} if after else {})}
        page = orjson.loads(session.post(f"{url}/analytics/raw/users", json=body).content)
        sign_ins.update((row["id"], row["last_sign_in_at"]) for row in page["data"])
        after, more = page["last"], page["more"]
    return licences, sign_ins


def sync(path: str, url: str, key: str) -> int:
    """Read the account into the database; returns how many users it has."""
    session = requests.Session()
    session.trust_env = False
    session.headers.update(
        {"Authorization": f"Token token={key}", "Accept": "application/vnd.pagerduty+json;version=2"}
    )
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    columns = ", ".join(f"{name} TEXT" for name in COLUMNS)
    db.execute(f"CREATE TABLE IF NOT EXISTS user (id TEXT PRIMARY KEY, {columns}, hash BLOB, raw TEXT, active INTEGER)")
    db.execute("CREATE TABLE IF NOT EXISTS change (id TEXT, field TEXT, before TEXT, after TEXT)")
    known = dict(db.execute("SELECT id, hash FROM user"))
    licences, sign_ins = details(session, url)
    seen: set[str] = set()
    for users in listing(session, url, "users", "users"):
        rows = []
        for user in users:
            seen.add(user["id"])
            user["licence"], user["last_sign_in"] = licences.get(user["id"]), sign_ins.get(user["id"])
            raw = orjson.dumps(user, option=orjson.OPT_SORT_KEYS)
            fingerprint = hashlib.sha256(raw).digest()
            if known.get(user["id"]) == fingerprint:
                continue
            rows.append((user["id"], *mapped(user), fingerprint, raw.decode(), 1))
        if rows:
            write(db, rows, known)
    missing = [(vendor_id,) for vendor_id in known if vendor_id not in seen]
    db.executemany("UPDATE user SET active = 0 WHERE id = ?", missing)
    db.commit()
    db.close()
    return len(seen)


def mapped(user: dict[str, Any]) -> tuple[Any, ...]:
    """Twenty columns of one user."""
    licence = user["licence"]
    return (
        *(user.get(name) for name in FIELDS),
        user.get("type"),
        user.get("invitation_sent"),
        user.get("created_via_sso"),
        user.get("billed"),
        ", ".join(team["summary"] for team in user["teams"]),
        licence and licence["license"]["name"],
        licence and licence["allocated_at"],
        user["last_sign_in"],
        user.get("self"),
        1,
    )


def write(db: sqlite3.Connection, rows: list[tuple[Any, ...]], known: dict[str, bytes]) -> None:
    """Upsert rows, with a history row a changed field."""
    names = ", ".join(COLUMNS)
    for row in rows:
        if row[0] in known:
            before = db.execute(f"SELECT {names} FROM user WHERE id = ?", row[:1]).fetchone()
            pairs = zip(COLUMNS, before, row[1:], strict=False)
            db.executemany("INSERT INTO change VALUES (?, ?, ?, ?)", [(row[0], n, b, a) for n, b, a in pairs if b != a])
    marks = ", ".join("?" * len(rows[0]))
    db.executemany(f"INSERT OR REPLACE INTO user VALUES ({marks})", rows)


if __name__ == "__main__":
    print(sync(*sys.argv[1:4]))
