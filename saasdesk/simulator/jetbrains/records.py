"""What licences look like to the vendor, and who their holders are to a sync."""

from collections.abc import Iterable, Sequence
from typing import Any

from saasdesk.simulator.company import Company
from saasdesk.simulator.exchange import Account
from saasdesk.simulator.jetbrains.organisations import ADD_ON, FIRST_TEAM, PRODUCTS, TEAMS, Organisation
from saasdesk.simulator.jetbrains.stock import KEY, POOL, SERVER, SLOTS, Stock
from saasdesk.simulator.kept import Kept

EXPIRED_ROLE = "Expired Subscription"


class Records:
    """The rows of the list, one for each licence."""

    def __init__(self, company: Company, organisation: Organisation, stock: Stock) -> None:
        self._company, self._organisation, self._stock = company, organisation, stock
        # Every licence as the list shows it.
        self.rows = Kept(stock, lambda: [self.row(number) for number in stock.numbers()])

    def row(self, number: int) -> dict[str, Any]:
        """A licence as the list shows it."""
        dice = self._stock.dice(number, "row")
        hand = self._stock.hand(number)
        kind = divmod(-1 - number, 3)[1] if number < 0 else POOL
        code, product = self._product(number, dice)
        row: dict[str, Any] = {
            "licenseId": self._stock.id_of(number),
            "product": {"code": code, "name": product},
            "subscription": self._subscription(dice),
            "isAvailableToAssign": hand is None and kind == POOL,
            "isTransferableBetweenTeams": dice[2] >= 12,
            "isTrial": dice[3] < 6,
            "isSuspended": bool(hand and hand.suspended),
        }
        if dice[4] < 10:
            # Bought once and for ever: no subscription, but a day until which newer versions are included.
            del row["subscription"]
            row["perpetual"] = {"isOutdated": dice[5] < 128, "upgradeDueDate": f"{self._company.today.year}-03-31"}
        team = self._team_of(number, dice)
        if team is not None:
            row["team"] = {"id": team, "name": TEAMS[team - FIRST_TEAM]}
        if hand is not None:
            row["assignee"] = {"type": "USER", "name": hand.name, "email": hand.email}
            # Older licences have no such object at all.
            if dice[6] >= 14:
                seen = {} if hand.seen is None else {"lastSeenDate": hand.seen.isoformat()}
                since = {} if hand.since is None else {"lastAssignmentDate": hand.since.isoformat()}
                row["lastSeen"] = {**since, **seen, "isOfflineCodeGenerated": dice[7] < 16}
        elif kind == SERVER:
            server = ("LICENSE_SERVER", "LICENSE_VAULT")[dice[8] % 2]
            row["assignee"] = {"type": "SERVER", "serverType": server, "uid": dice[9:17].hex()}
        elif kind == KEY:
            key = f"{row['licenseId']}-{dice[9:25].hex()}"
            row["assignee"] = {"type": "LICENSE_KEY", "registrationName": self._organisation.name}
            row["assignee"] |= {"key": key, "legacyKey": f"legacy-{key}"}
        return row

    def _product(self, number: int, dice: bytes) -> tuple[str, str]:
        if number < 0:
            return PRODUCTS[dice[0] % len(PRODUCTS)]
        serial, slot = divmod(number, SLOTS)
        habits = self._stock.dice(serial, "ways")
        if slot == 2:
            return ADD_ON
        # Some have the same product twice: waste that a report should find.
        step = 0 if slot == 1 and habits[2] < 30 else slot
        return PRODUCTS[(habits[1] + step) % len(PRODUCTS)]

    def _subscription(self, dice: bytes) -> dict[str, object]:
        is_outdated = dice[19] < 14
        year = self._company.today.year + (-1 if is_outdated else 1)
        until = f"{year}-{1 + dice[20] % 12:02d}-{1 + dice[21] % 28:02d}T00:00:00.000+03:00"
        return {
            "subscriptionPackRef": f"{1_200 + dice[22] % 40}/1{dice[23:25].hex().upper()}",
            "validUntilDate": until,
            "isOutdated": is_outdated,
            "isAutomaticallyRenewed": not is_outdated and dice[25] < 200,
        }

    def _team_of(self, number: int, dice: bytes) -> int | None:
        moved = self._stock.moved_to(number)
        if moved is not None:
            return moved
        return None if dice[26] < 12 else FIRST_TEAM + dice[27] % len(TEAMS)


def by_holder(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The licences of people by their addresses, however these are written."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.get("assignee", {}).get("type") == "USER":
            found.setdefault(row["assignee"]["email"].lower(), []).append(row)
    return found


def account_of(email: str, rows: Sequence[dict[str, Any]]) -> Account:
    """What a sync must know of somebody with these licences."""
    names = [row["assignee"]["name"] for row in rows]
    seen = [row["lastSeen"]["lastSeenDate"] for row in rows if "lastSeenDate" in row.get("lastSeen", {})]
    roles = {EXPIRED_ROLE if row.get("subscription", {}).get("isOutdated") else row["product"]["name"] for row in rows}
    return Account(
        id=email,
        email=email,
        name=next((name for name in names if "*" not in name), names[0]),
        role=", ".join(sorted(roles)),
        active=not all(row["isSuspended"] for row in rows),
        last_activity=f"{max(seen)}T00:00:00Z" if seen else None,
        licences=tuple(sorted(row["licenseId"] for row in rows)),
        serial=-1,
    )
