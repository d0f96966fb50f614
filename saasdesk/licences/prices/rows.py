"""SQL for prices, exchange rates and contracts."""

from typing import Any

from saasdesk.store import Connection


def application_name(db: Connection, application: int) -> str | None:
    """What an application is called; None when it is gone."""
    row = db.execute_sql("SELECT name FROM saas_application WHERE id = ?", (application,)).fetchone()
    return None if row is None else str(row[0])


def prices(db: Connection, application: int | None) -> list[tuple[Any, ...]]:
    """Prices of one application or of all, the newest of each first."""
    return list(
        db.execute_sql(
            """
            SELECT p.id, p.application, p.scope, p.name, p.minor, p.currency, p.period, p.valid_from
            FROM price p JOIN saas_application a ON a.id = p.application
            WHERE ?1 IS NULL OR p.application = ?1
            ORDER BY a.name COLLATE NOCASE, p.scope, p.name COLLATE NOCASE, p.valid_from DESC
            """,
            (application,),
        ).fetchall()
    )


def keep_price(db: Connection, number: int, values: tuple[Any, ...]) -> None:
    """Write a price over the one it changes, and over one for the same seats from the same day."""
    db.execute_sql("DELETE FROM price WHERE id = ?", (number,))
    db.execute_sql(
        """
        INSERT INTO price (application, scope, name, minor, currency, period, valid_from) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (application, scope, name, valid_from)
        DO UPDATE SET minor = excluded.minor, currency = excluded.currency, period = excluded.period
        """,
        values,
    )


def delete_price(db: Connection, number: int) -> bool:
    """Delete a price; False where there is none."""
    return int(db.execute_sql("DELETE FROM price WHERE id = ?", (number,)).rowcount) > 0


def rates(db: Connection) -> list[tuple[Any, ...]]:
    """All exchange rates, the newest of each currency first."""
    return list(
        db.execute_sql(
            "SELECT currency, reporting, rate, valid_from FROM exchange_rate "
            "ORDER BY reporting, currency, valid_from DESC"
        ).fetchall()
    )


def keep_rate(db: Connection, values: tuple[Any, ...]) -> None:
    """Write an exchange rate, over one of the same day."""
    db.execute_sql(
        "INSERT OR REPLACE INTO exchange_rate (currency, reporting, valid_from, rate) VALUES (?, ?, ?, ?)", values
    )


def delete_rate(db: Connection, currency: str, reporting: str, valid_from: str) -> bool:
    """Delete an exchange rate; False where there is none."""
    cursor = db.execute_sql(
        "DELETE FROM exchange_rate WHERE currency = ? AND reporting = ? AND valid_from = ?",
        (currency, reporting, valid_from),
    )
    return int(cursor.rowcount) > 0


def contracts(db: Connection, application: int | None) -> list[tuple[Any, ...]]:
    """Contracts of one application or of all, the next renewal first."""
    return list(
        db.execute_sql(
            """
            SELECT id, application, name, product, minor, currency, period, seats,
                   starts, ends, renews_on, notice_days, note
            FROM contract
            WHERE ?1 IS NULL OR application = ?1
            ORDER BY renews_on NULLS LAST, name COLLATE NOCASE
            """,
            (application,),
        ).fetchall()
    )


def keep_contract(db: Connection, number: int, values: tuple[Any, ...]) -> None:
    """Write a new contract, or what is changed of one."""
    db.execute_sql(
        """
        INSERT INTO contract (id, application, name, product, minor, currency, period, seats,
                              starts, ends, renews_on, notice_days, note)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, product = excluded.product, minor = excluded.minor, currency = excluded.currency,
            period = excluded.period, seats = excluded.seats, starts = excluded.starts, ends = excluded.ends,
            renews_on = excluded.renews_on, notice_days = excluded.notice_days, note = excluded.note
        """,
        (number or None, *values),
    )


def delete_contract(db: Connection, number: int) -> bool:
    """Delete a contract; False where there is none."""
    return int(db.execute_sql("DELETE FROM contract WHERE id = ?", (number,)).rowcount) > 0
