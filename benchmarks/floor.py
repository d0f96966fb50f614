"""The bare script to compare with: the shortest honest way to keep a vendor's accounts in SQLite.

It has no plan, no proof, no safeguard, no retries: one session, hand-written mapping of twenty columns, hashes, an
upsert of what is new or changed, a history row a changed field, and the missing marked. Whatever saasdesk takes more
than this is the price of what it promises.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import requests

Record = dict[str, Any]
Mapped = tuple[Any, ...]
Pages = Iterator[list[Record]]


def open_session(headers: dict[str, str]) -> requests.Session:
    """One session for everything; proxies are not looked up for every call."""
    session = requests.Session()
    session.trust_env = False
    session.headers.update(headers)
    return session


# ----- PagerDuty

PAGERDUTY_FIELDS = (
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
    "type",
    "invitation_sent",
    "created_via_sso",
    "billed",
)
PAGERDUTY_COLUMNS = (*PAGERDUTY_FIELDS, "teams", "licence", "licence_since", "last_sign_in", "url", "seen")


def pagerduty_list(session: requests.Session, url: str, path: str) -> Pages:
    """Every row of a list, page by page."""
    offset, more = 0, True
    while more:
        page = orjson.loads(session.get(f"{url}/{path}", params={"limit": 100, "offset": offset}).content)
        yield page[path]
        offset, more = offset + len(page[path]), page["more"]


def pagerduty_users(url: str, key: str) -> Pages:
    """Users with their licence and last sign-in."""
    accept = "application/vnd.pagerduty+json;version=2"
    session = open_session({"Authorization": f"Token token={key}", "Accept": accept})
    licences = {row["user"]["id"]: row for rows in pagerduty_list(session, url, "license_allocations") for row in rows}
    sign_ins: dict[str, Any] = {}
    after, more = None, True
    while more:
        body = {"limit": 1000, "order": "asc", "order_by": "user_id", **({"starting_after": after} if after else {})}
        page = orjson.loads(session.post(f"{url}/analytics/raw/users", json=body).content)
        sign_ins.update((row["id"], row["last_sign_in_at"]) for row in page["data"])
        after, more = page["last"], page["more"]
    for users in pagerduty_list(session, url, "users"):
        for user in users:
            user["licence"], user["last_sign_in"] = licences.get(user["id"]), sign_ins.get(user["id"])
        yield users


def pagerduty_mapped(user: Record) -> Mapped:
    """Twenty columns of one user."""
    licence = user["licence"]
    return (
        *(user.get(name) for name in PAGERDUTY_FIELDS),
        ", ".join(team["summary"] for team in user["teams"]),
        licence and licence["license"]["name"],
        licence and licence["allocated_at"],
        user["last_sign_in"],
        user.get("self"),
        1,
    )


# ----- JumpCloud

JUMPCLOUD_FIELDS = (
    "email",
    "displayname",
    "firstname",
    "lastname",
    "username",
    "state",
    "suspended",
    "manager",
    "jobTitle",
    "department",
    "location",
    "costCenter",
    "employeeType",
    "employeeIdentifier",
    "created",
    "account_locked",
    "password_expired",
)
JUMPCLOUD_COLUMNS = (*JUMPCLOUD_FIELDS, "mfa", "role", "last_sign_in")


def jumpcloud_list(session: requests.Session, url: str, path: str) -> Pages:
    """Every row of a list, page by page."""
    skip, total = 0, 1
    while skip < total:
        page = orjson.loads(session.get(f"{url}{path}", params={"limit": 100, "skip": skip, "sort": "_id"}).content)
        yield page["results"]
        skip, total = skip + 100, page["totalCount"]


def jumpcloud_users(url: str, key: str) -> Pages:
    """Users with their role in the console and their last sign-in."""
    session = open_session({"x-api-key": key, "Accept": "application/json"})
    roles = {row["email"]: row["roleName"] for rows in jumpcloud_list(session, url, "/api/users") for row in rows}
    sign_ins: dict[str, str] = {}
    question: dict[str, Any] = {
        "service": ["all"],
        "start_time": (datetime.now(UTC) - timedelta(days=90)).isoformat(),
        "sort": "DESC",
        "limit": 10_000,
        "search_term": {"and": [{"event_type": ["user_login_attempt", "sso_auth", "login_attempt"]}]},
        "fields": ["timestamp", "event_type", "initiated_by", "success"],
    }
    more = True
    while more:
        answer = session.post(f"{url}/insights/directory/v1/events", json=question)
        events = orjson.loads(answer.content)
        for event in events:
            if event["success"]:
                sign_ins.setdefault(event["initiated_by"]["id"], event["timestamp"])
        more = len(events) == question["limit"]
        question["search_after"] = orjson.loads(answer.headers.get("X-Search_after", "null"))
    for users in jumpcloud_list(session, url, "/api/systemusers"):
        for user in users:
            user["console_role"], user["last_sign_in"] = roles.get(user["email"]), sign_ins.get(user["_id"])
            user["id"] = user["_id"]
        yield users


def jumpcloud_mapped(user: Record) -> Mapped:
    """Twenty columns of one user."""
    return (
        *(user.get(name) for name in JUMPCLOUD_FIELDS),
        user["mfa"]["configured"],
        user["console_role"],
        user["last_sign_in"],
    )


# ----- SQLite

VENDORS: dict[str, tuple[Callable[[str, str], Pages], tuple[str, ...], Callable[[Record], Mapped]]] = {
    "pagerduty": (pagerduty_users, PAGERDUTY_COLUMNS, pagerduty_mapped),
    "jumpcloud": (jumpcloud_users, JUMPCLOUD_COLUMNS, jumpcloud_mapped),
}


def sync(vendor: str, path: str, url: str, key: str) -> int:
    """Read the account into the database; returns how many users it has."""
    read_users, names, mapped = VENDORS[vendor]
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    columns = ", ".join(f"{name} TEXT" for name in names)
    db.execute(f"CREATE TABLE IF NOT EXISTS user (id TEXT PRIMARY KEY, {columns}, hash BLOB, raw TEXT, active INTEGER)")
    db.execute("CREATE TABLE IF NOT EXISTS change (id TEXT, field TEXT, before TEXT, after TEXT)")
    known = dict(db.execute("SELECT id, hash FROM user"))
    seen: set[str] = set()
    for users in read_users(url, key):
        rows = []
        for user in users:
            seen.add(user["id"])
            raw = orjson.dumps(user, option=orjson.OPT_SORT_KEYS)
            fingerprint = hashlib.sha256(raw).digest()
            if known.get(user["id"]) == fingerprint:
                continue
            rows.append((user["id"], *mapped(user), fingerprint, raw.decode(), 1))
        if rows:
            write(db, names, rows, known)
    missing = [(vendor_id,) for vendor_id in known if vendor_id not in seen]
    db.executemany("UPDATE user SET active = 0 WHERE id = ?", missing)
    db.commit()
    db.close()
    return len(seen)


def write(db: sqlite3.Connection, columns: tuple[str, ...], rows: list[Mapped], known: dict[str, bytes]) -> None:
    """Upsert rows, with a history row a changed field."""
    names = ", ".join(columns)
    for row in rows:
        if row[0] in known:
            before = db.execute(f"SELECT {names} FROM user WHERE id = ?", row[:1]).fetchone()
            pairs = zip(columns, before, row[1:], strict=False)
            db.executemany("INSERT INTO change VALUES (?, ?, ?, ?)", [(row[0], n, b, a) for n, b, a in pairs if b != a])
    marks = ", ".join("?" * len(rows[0]))
    db.executemany(f"INSERT OR REPLACE INTO user VALUES ({marks})", rows)


if __name__ == "__main__":
    print(sync(*sys.argv[1:5]))
