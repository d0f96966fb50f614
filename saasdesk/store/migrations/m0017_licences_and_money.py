"""What seats cost, and what came of looking at them: prices, rates, contracts, exemptions, reclaim lists."""

from saasdesk.store.migrations.m0001_initial import Execute

STATEMENTS = (
    # Amounts are whole numbers of the currency's smallest unit.
    """CREATE TABLE price (
        id INTEGER PRIMARY KEY,
        application INTEGER NOT NULL REFERENCES saas_application(id) ON DELETE CASCADE,
        scope TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
        minor INTEGER NOT NULL CHECK (minor >= 0),
        currency TEXT NOT NULL,
        period TEXT NOT NULL,
        valid_from TEXT NOT NULL,
        UNIQUE (application, scope, name, valid_from)
    )""",
    """CREATE TABLE exchange_rate (
        currency TEXT NOT NULL,
        reporting TEXT NOT NULL,
        valid_from TEXT NOT NULL,
        rate TEXT NOT NULL,
        PRIMARY KEY (currency, reporting, valid_from)
    ) WITHOUT ROWID""",
    """CREATE TABLE contract (
        id INTEGER PRIMARY KEY,
        application INTEGER NOT NULL REFERENCES saas_application(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        product TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
        minor INTEGER NOT NULL CHECK (minor >= 0),
        currency TEXT NOT NULL,
        period TEXT NOT NULL,
        seats INTEGER NOT NULL DEFAULT 0,
        starts TEXT,
        ends TEXT,
        renews_on TEXT,
        notice_days INTEGER NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE idle_threshold (
        application INTEGER PRIMARY KEY REFERENCES saas_application(id) ON DELETE CASCADE,
        days INTEGER NOT NULL
    )""",
    # A seat is 2 x the number of a licence, or 2 x the number of an account + 1.
    """CREATE TABLE exemption (
        id INTEGER PRIMARY KEY,
        application INTEGER NOT NULL REFERENCES saas_application(id) ON DELETE CASCADE,
        seat INTEGER,
        scope TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
        label TEXT NOT NULL,
        reason TEXT NOT NULL,
        until TEXT,
        made_at TEXT NOT NULL,
        made_by TEXT NOT NULL
    )""",
    "CREATE INDEX exemption_seat ON exemption (seat)",
    "CREATE INDEX exemption_application ON exemption (application)",
    """CREATE TABLE reclaim_list (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        currency TEXT NOT NULL,
        approved_at TEXT NOT NULL,
        approved_by TEXT NOT NULL
    )""",
    """CREATE TABLE reclaim_seat (
        seat INTEGER PRIMARY KEY,
        list INTEGER NOT NULL REFERENCES reclaim_list(id) ON DELETE CASCADE,
        holder TEXT NOT NULL,
        application TEXT NOT NULL,
        product TEXT NOT NULL,
        finding TEXT NOT NULL,
        why TEXT NOT NULL,
        minor INTEGER,
        computed TEXT NOT NULL
    )""",
    "CREATE INDEX reclaim_seat_list ON reclaim_seat (list)",
)


def apply(execute: Execute) -> None:
    """Nothing that was there before is touched."""
    for statement in STATEMENTS:
        execute(statement, ())
