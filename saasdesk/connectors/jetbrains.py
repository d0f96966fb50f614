"""JetBrains licences and the people who hold them, through the JetBrains Account API.

One row of the list is one licence. Records are people: all licences of an e-mail address make one, whose plain fields
come from the licence that matters most and whose "All …" fields name them all. What nobody holds stays a licence.
"""

from collections.abc import Iterable
from datetime import date

from saasdesk.connectors.inputs import ConnectorHelp, Input, Region
from saasdesk.connectors.jetbrains_presets import PRESETS
from saasdesk.connectors.pages import NumberedPages, value_at
from saasdesk.connectors.raw import Raw, utc_text
from saasdesk.connectors.spec import (
    Check,
    Connector,
    FieldType,
    KeyTest,
    LicenceRows,
    LicenceValues,
    LooseLicence,
    MapDefault,
    NewField,
    RateLimit,
    SaasShape,
    SaasValues,
    UserList,
    VendorField,
)
from saasdesk.text import fold_text
from saasdesk.web import HeaderKey

EXPIRED = "Expired Subscription"
# Whose licence it is when it is no person's, in the words in which a run counts them.
NOBODYS = {"SERVER": "server", "LICENSE_KEY": "key"}


def entity_of(document: object) -> str | None:
    """What the key is for: the organisation, or one of its teams. What tells it, no document says for certain."""
    if not isinstance(document, dict):
        return None
    # A name would do, but may change while the organisation stays the same.
    return " ".join(filter(None, (_text(document, "type"), _text(document, "id") or _text(document, "name"))))


def name_of_entity(document: object) -> str | None:
    """What people call it: a key that is for one team says so."""
    if not isinstance(document, dict) or not _text(document, "name"):
        return None
    return _text(document, "name") + (" (one team)" if _text(document, "type") == "TEAM" else "")


def holder_of(row: Raw) -> str | None:
    """The folded e-mail address of the person who has the licence: its case differs from licence to licence."""
    assignee = row.get("assignee")
    if not isinstance(assignee, dict) or assignee.get("type") in NOBODYS:
        return None
    email = assignee.get("email")
    folded = fold_text(email) if isinstance(email, str) else None
    return folded if folded is not None and folded.isprintable() and len(folded) <= 256 else None


def loose_licence(row: Raw) -> LooseLicence:
    """A licence that is free, serves a server, is a key, or belongs to somebody without a usable address."""
    kind = value_at(row, "assignee.type")
    if not isinstance(row.get("assignee"), dict):
        return LooseLicence("unassigned", licence_of(row))
    why = NOBODYS.get(kind, "without an e-mail address") if isinstance(kind, str) else "without an e-mail address"
    return LooseLicence(why, licence_of(row))


def one_person(rows: list[Raw]) -> Raw:
    """One record of somebody's licences, the same one in whatever order they are listed."""
    rows.sort(key=lambda row: str(row["licenseId"]))
    # Name and address are the person's, and must not change with the product that they used last.
    names = [_text(row, "assignee.name") for row in rows]
    name = next((name for name in names if name and "*" not in name), max(names))
    # Of several spellings the one with the most small letters.
    email = max(_text(row, "assignee.email").strip() for row in rows)
    rows.sort(key=lambda row: _text(row, "lastSeen.lastSeenDate"), reverse=True)
    rows.sort(key=lambda row: (row.get("isSuspended") is True, _is_outdated(row)))
    person = dict(rows[0])
    person["licenses"] = rows
    person["assignee"] = {**rows[0]["assignee"], "name": name or None, "email": email}
    person["all_license_ids"] = _joined(str(row["licenseId"]) for row in rows)
    person["all_product_names"] = _joined(product_of(row) for row in rows)
    person["all_product_codes"] = _joined(_text(row, "product.code") for row in rows)
    person["all_team_names"] = _joined(_text(row, "team.name") for row in rows)
    person["all_team_ids"] = _joined(_text(row, "team.id") for row in rows)
    return person


def product_of(row: Raw) -> str:
    """The product's name; its code where the name is empty."""
    return _text(row, "product.name") or _text(row, "product.code")


def licence_of(row: Raw) -> LicenceValues:
    """One licence as the licence list shows it."""
    # The day counts as the vendor writes it: moved to UTC, it would be the one before.
    until = _text(row, "subscription.validUntilDate")[:10]
    return LicenceValues(
        str(row["licenseId"]),
        product=product_of(row) or None,
        team=_text(row, "team.name") or None,
        assigned_at=utc_text(value_at(row, "lastSeen.lastAssignmentDate")),
        last_used=utc_text(value_at(row, "lastSeen.lastSeenDate")),
        valid_until=until if _is_day(until) else None,
    )


def saas_values(person: Raw) -> SaasValues:
    """Products as the role, the latest use of any of them; whoever has suspended licences only is inactive."""
    rows = person["licenses"]
    suspended = all(row.get("isSuspended") is True for row in rows)
    seen = (utc_text(value_at(row, "lastSeen.lastSeenDate")) for row in rows)
    return SaasValues(
        role=_joined(sorted({EXPIRED if _is_outdated(row) else product_of(row) for row in rows})) or None,
        status="suspended" if suspended else "active",
        last_activity=max(filter(None, seen), default=None),
        inactive=suspended,
        licences=tuple(licence_of(row) for row in rows),
    )


def _is_outdated(row: Raw) -> bool:
    return value_at(row, "subscription.isOutdated") is True


def _text(row: Raw, path: str) -> str:
    value = value_at(row, path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, words)))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


JETBRAINS = Connector(
    key="jetbrains",
    title="JetBrains",
    regions=(Region("JetBrains Account", "https://account.jetbrains.com/api/v1"),),
    inputs=(
        Input(
            "company_code",
            "JetBrains Company Code",
            required=True,
            help="It is the number beside the organisation's name in JetBrains Account, with nothing around it.",
            variable="JetBrains.Company Code",
            pattern=r"([0-9A-Za-z-]{1,64})",
        ),
        Input(
            "team_id",
            "Team ID",
            help="It is a number, and needed only with the key of a team's admin, which may list that team alone.",
            pattern=r"([0-9]{1,18})",
        ),
    ),
    sign_in=HeaderKey("X-Api-Key"),
    headers={"X-Customer-Code": "{{ company_code }}"},
    # JetBrains publishes no limit; one request at a time never met one.
    rate=RateLimit(per_minute=1_200, burst=120),
    # Never /token/rotate, which looks alike: it makes the key useless.
    key_test=KeyTest(
        "/token",
        identity_of=entity_of,
        title_of=name_of_entity,
        checks=(
            Check(
                "list_users",
                "List licences",
                path="/customer/licenses",
                params={"page": "1", "perPage": "1"},
                advice="With the key of a team's admin, fill in the Team ID.",
            ),
            Check(
                "assign_and_revoke",
                "Assign and revoke licences",
                advice="Not tried: only doing it would show it. It takes the key of an admin; others only look.",
                acts=True,
            ),
        ),
    ),
    users=UserList(
        path="/customer/licenses",
        path_with={"team_id": "/customer/teams/{{ team_id }}/licenses"},
        # The answer itself is the list.
        records_path="",
        # Without "assigned", given out and free ones come alike.
        pages=NumberedPages(limit=100),
        id_path="licenseId",
        name_path="assignee.name",
        email_path="assignee.email",
        id_pattern=r"[A-Za-z0-9_-]{1,64}",
        noun="licences",
        noun_for_one="licence",
        never_kept=("assignee.key", "assignee.legacyKey"),
        licence_rows=LicenceRows(holder_of, one_person, loose_licence, {"assigneeEmail": "{{ id }}"}),
    ),
    fields=(
        VendorField("License Id", "licenseId", help="Of several licences, the one that matters most."),
        VendorField("Product Code", "product.code"),
        VendorField("Product Name", "product.name"),
        VendorField("Assignee Type", "assignee.type"),
        VendorField(
            "Assignee Name",
            "assignee.name",
            smart_target="name",
            may_be_masked=True,
            help="JetBrains masks the names of people it does not know itself; a better one is kept.",
        ),
        VendorField("Email", "assignee.email", smart_target="email"),
        VendorField("Team Id", "team.id"),
        VendorField("Team Name", "team.name"),
        VendorField("Is Available To Assign", "isAvailableToAssign", FieldType.FLAG),
        VendorField("Is Suspended", "isSuspended", FieldType.FLAG),
        VendorField("Is Transferable Between Teams", "isTransferableBetweenTeams", FieldType.FLAG),
        VendorField("Is Trial", "isTrial", FieldType.FLAG),
        VendorField("Is Subscription Is Automatically Renewed", "subscription.isAutomaticallyRenewed", FieldType.FLAG),
        VendorField("Is Subscription Is Outdated", "subscription.isOutdated", FieldType.FLAG),
        VendorField("Subscription Pack Ref", "subscription.subscriptionPackRef"),
        VendorField("Subscription Valid Until Date", "subscription.validUntilDate", FieldType.DATETIME),
        VendorField("Last Seen Last Assignment Date", "lastSeen.lastAssignmentDate", FieldType.DATETIME),
        VendorField("Last Seen Last Seen Date", "lastSeen.lastSeenDate", FieldType.DATETIME),
        VendorField(
            "Last Seen Is Offline Code Generated",
            "lastSeen.isOfflineCodeGenerated",
            FieldType.FLAG,
            help="Yes: the product may be used where JetBrains cannot see it, so a late last use says little.",
        ),
        VendorField("All License Ids", "all_license_ids", FieldType.LIST),
        VendorField("All Product Names", "all_product_names", FieldType.LIST),
        VendorField("All Product Codes", "all_product_codes", FieldType.LIST),
        VendorField("All Team Names", "all_team_names", FieldType.LIST),
        VendorField("All Team Ids", "all_team_ids", FieldType.LIST),
        VendorField("Assignee Uid", "assignee.uid"),
        VendorField("Is Perpetual Outdated", "perpetual.isOutdated", FieldType.FLAG),
        VendorField("Perpetual Upgrade Due Date", "perpetual.upgradeDueDate", FieldType.DATETIME),
        VendorField("Domain", "domain"),
    ),
    saas=SaasShape(saas_values),
    default_fields=(NewField("people", "JetBrains License Id", unique=True),),
    default_mapping=(
        MapDefault("username", source="assignee.email"),
        MapDefault("email", source="assignee.email", sync_key=1),
        MapDefault("name", source="assignee.name"),
        MapDefault("role", value="Employee"),
        MapDefault("jet_brains_license_id", source="licenseId"),
    ),
    presets=PRESETS,
    help=ConnectorHelp(
        where_to_make_the_key=(
            "Sign in to JetBrains Account as an admin of the organisation.",
            "Choose the organisation or team on the left, then Administration.",
            "If it is not there yet, let an organisation admin switch the API on: Enable API.",
            "Press Generate Token. The company code is the number beside the organisation's name.",
        ),
        role_needed="the key of an organisation admin, or that of a team admin with its Team ID filled in",
        role_to_act="the key of an admin of the organisation; a key that only views licences cannot change any",
        what_acting_does=(
            "A revoked licence is free for somebody else at once; its holder loses the product, not the account.",
            "JetBrains refuses to revoke a licence within 30 days of assigning it.",
        ),
        refused_key="Either the key or the JetBrains Company Code is wrong: JetBrains does not say which.",
        documentation="https://account.jetbrains.com/api-doc",
        console="https://account.jetbrains.com",
        prerequisites=(
            "A key is its owner's: make a dedicated account for saasdesk, so that it does not leave with a colleague.",
            "In organisations that moved to the newer Central Console, only who may manage the organisation gets in.",
        ),
    ),
)
