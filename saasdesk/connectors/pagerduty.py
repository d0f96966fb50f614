"""PagerDuty users, through REST API v2."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from saasdesk.connectors.inputs import ConnectorHelp, Input, Region
from saasdesk.connectors.pages import NotAPage, OffsetPages, rows_at, value_at
from saasdesk.connectors.preset import Danger, Look, Preset
from saasdesk.connectors.raw import Raw, utc_text
from saasdesk.connectors.spec import (
    Check,
    Connector,
    Enrichment,
    FieldType,
    KeyTest,
    LicenceValues,
    MapDefault,
    NewField,
    RateLimit,
    SaasShape,
    SaasValues,
    UserList,
    UserRead,
    VendorField,
    VendorReader,
)
from saasdesk.web import HeaderKey

# What the web pages of PagerDuty call the base roles; where plans differ, the name of the larger plan.
ROLE_NAMES = {
    "owner": "Account Owner",
    "admin": "Global Admin",
    "user": "Manager",
    "limited_user": "Responder",
    "observer": "Observer",
    "restricted_access": "Restricted Access",
    "read_only_user": "Full Stakeholder",
    "read_only_limited_user": "Limited Stakeholder",
}

# Offset and limit together may not exceed it; beyond, PagerDuty answers 400. There is no cursor for users.
WALL = 10_000
MOST_ANALYTICS_PAGES = 1_000


def account_of(document: object) -> str | None:
    """The account behind a key, by the address of its web pages: no call tells an API key which account it is for."""
    try:
        users = rows_at(document, "users")
    except NotAPage:
        return None
    url = value_at(users[0], "html_url") if users else None
    return (urlsplit(url).hostname or "") if isinstance(url, str) else ""


def add_team_names(raw: Raw) -> None:
    """Put the names of a user's teams beside the references to them."""
    teams = raw.get("teams")
    if isinstance(teams, list):
        names = (value_at(team, "summary") for team in teams)
        raw["team_names"] = ", ".join(name for name in names if isinstance(name, str))


def read_licences(reader: VendorReader) -> Mapping[str, Raw]:
    """Each user's licence, with the time it was given: `/users/{id}/license` would be one call a user."""
    licences: dict[str, Raw] = {}
    found: dict[str, Raw] = {}
    for row in reader.rows(
        "/license_allocations",
        "license_allocations",
        OffsetPages(limit=100, wall=WALL),
        noun="licence allocations",
        key=lambda row: (value_at(row, "user.id"), value_at(row, "license.id"), row.get("allocated_at")),
    ):
        user, licence, licence_id = value_at(row, "user.id"), row.get("license"), value_at(row, "license.id")
        if not (isinstance(user, str) and isinstance(licence, dict) and isinstance(licence_id, str)):
            continue
        # Two licences can share a name and differ in the description alone. A thousand users share one value here.
        kept = licences.get(licence_id)
        if kept is None:
            kept = {key: licence.get(key) for key in ("id", "name", "description", "role_group")}
            licences[licence_id] = kept
        since = utc_text(row.get("allocated_at"))
        before = found.get(user)
        if before is None or (before["allocated_at"] or "") < (since or ""):
            found[user] = {"allocated_at": since, "license": kept}
    return found


def read_last_sign_ins(reader: VendorReader) -> Mapping[str, str | None]:
    """When each user last signed in, None for never; PagerDuty counts it up to a day late."""
    found: dict[str, str | None] = {}
    cursors: set[str] = set()
    question: dict[str, object] = {"limit": 1000, "order": "asc", "order_by": "user_id"}
    while True:
        answer = reader.query("/analytics/raw/users", question)
        for row in rows_at(answer, "data"):
            user = value_at(row, "id")
            if isinstance(user, str):
                # No zone is given, and the service counts in UTC. A user of several teams can come more than once.
                newer = utc_text(value_at(row, "last_sign_in_at"))
                found[user] = max(filter(None, (newer, found.get(user))), default=None)
        more = value_at(answer, "more")
        if more is False:
            return found
        cursor = value_at(answer, "last")
        if more is not True or not isinstance(cursor, str) or cursor in cursors or len(cursors) >= MOST_ANALYTICS_PAGES:
            raise NotAPage("the list of sign-ins has no proper end")
        cursors.add(cursor)
        question["starting_after"] = cursor


def saas_values(raw: Raw) -> SaasValues:
    """Role, state, last sign-in and licence of a user. Whoever is listed is active: PagerDuty only knows deletion."""
    role = raw.get("role")
    allocation = raw.get("license_allocation")
    licences: tuple[LicenceValues, ...] = ()
    if allocation is not None:
        licence = allocation["license"]
        product = ": ".join(text for text in (licence["name"], licence["description"]) if text)
        licences = (LicenceValues(licence["id"], product or None, assigned_at=allocation["allocated_at"]),)
    return SaasValues(
        role=ROLE_NAMES.get(role, role) if isinstance(role, str) else None,
        # The flag says that an invitation is still open, not that one was ever sent.
        status="invited" if raw.get("invitation_sent") is True else "active",
        last_activity=raw.get("last_sign_in_at"),
        inactive=False,
        licences=licences,
    )


PAGERDUTY = Connector(
    key="pagerduty",
    title="PagerDuty",
    regions=(
        Region("US", "https://api.pagerduty.com"),
        Region("EU", "https://api.eu.pagerduty.com"),
    ),
    inputs=(
        Input(
            "base_url",
            "Service region",
            help="Leave it empty for the US. Accounts that sign in at app.eu.pagerduty.com use https://api.eu.pagerduty.com.",
            variable="PagerDuty.Service Region",
        ),
    ),
    sign_in=HeaderKey("Authorization", prefix="Token token="),
    # Old keys speak the version of the year they were made in unless told otherwise.
    headers={"Accept": "application/vnd.pagerduty+json;version=2"},
    rate=RateLimit(per_minute=960, burst=240),
    key_test=KeyTest(
        # Not /users/me: it refuses account keys.
        "/users",
        params={"limit": "1"},
        identity_of=account_of,
        checks=(
            Check(
                "licences",
                "Licences",
                path="/license_allocations",
                params={"limit": "1"},
                advice="Use an account key, or the key of an admin: lesser roles may not see who has which licence.",
            ),
            Check(
                "last_activity",
                "Last activity",
                path="/analytics/raw/users",
                method="POST",
                json={"limit": 1},
                advice="Sign-in times come from Analytics: plan and key must both include it.",
            ),
            Check(
                "delete_users",
                "Delete users",
                advice="Not tried: only a delete would show it. A read-only key cannot; one with full access can.",
                acts=True,
            ),
        ),
    ),
    users=UserList(
        path="/users",
        records_path="users",
        # The total is null unless asked for: ask once, for the progress bar; the end is "more".
        # Python's True is refused: the word must be in lower case.
        pages=OffsetPages(limit=100, total_params={"total": "true"}, wall=WALL),
        id_pattern=r"[A-Za-z0-9_-]{1,64}",
        one=UserRead(
            path="/users/{{ id }}", record_path="user", gone=Look(frozenset({404}), path="error.code", value=2100)
        ),
        after_fetch=add_team_names,
    ),
    parallel_pages=4,
    enrichments=(
        Enrichment("licences", "license_allocation", read_licences),
        Enrichment("last_activity", "last_sign_in_at", read_last_sign_ins),
    ),
    fields=(
        VendorField("Id", "id", help="What PagerDuty calls the user; a user who is added again gets a new one."),
        VendorField("Name", "name", smart_target="name"),
        VendorField("Email", "email", smart_target="email"),
        # No smart target: this is the role at PagerDuty, not the person's.
        VendorField("Role", "role", help="The base role by its name in the API, for example limited_user."),
        VendorField("Type", "type"),
        VendorField(
            "Invitation sent?",
            "invitation_sent",
            FieldType.FLAG,
            help="Yes while an invitation is open: this user has never signed in.",
        ),
        VendorField("Job Title", "job_title", smart_target="job_title"),
        VendorField("Time Zone", "time_zone", help="Empty where the user keeps the account's time zone."),
        VendorField("Description", "description", FieldType.LONG_TEXT),
        VendorField("Color", "color", help="The user's colour in schedules."),
        VendorField("Avatar", "avatar_url", FieldType.LONG_TEXT),
        VendorField("Summary", "summary"),
        VendorField("Open in PagerDuty", "html_url", FieldType.LONG_TEXT),
        VendorField("Teams joined", "team_names", FieldType.LIST),
        VendorField("Created via SSO?", "created_via_sso", FieldType.FLAG),
        VendorField("Billed?", "billed", FieldType.FLAG, help="Whether PagerDuty charges for the user."),
        VendorField("Licence", "license_allocation.license.name", feature="licences"),
        VendorField("Licence since", "license_allocation.allocated_at", FieldType.DATETIME, feature="licences"),
        VendorField("Last sign-in", "last_sign_in_at", FieldType.DATETIME, feature="last_activity"),
    ),
    # Undocumented, and different whenever an incident opens or closes.
    volatile=frozenset({"coordinated_incidents"}),
    saas=SaasShape(saas_values),
    default_fields=(NewField("people", "PagerDuty User ID", unique=True),),
    default_mapping=(
        MapDefault("username", source="email"),
        MapDefault("email", source="email", sync_key=1),
        MapDefault("name", source="name"),
        MapDefault("role", value="Employee"),
        MapDefault("pager_duty_user_id", source="id"),
        MapDefault("job_title", source="job_title"),
    ),
    presets=(
        Preset(
            key="pagerduty_delete_user",
            title="PagerDuty Delete User",
            method="DELETE",
            path="/users/{{ pager_duty_user_id }}",
            needs=("pager_duty_user_id",),
            danger=Danger.DESTROYS,
            success=Look(frozenset({204})),
            already_gone=Look(frozenset({404}), path="error.code", value=2100),
            is_irreversible=True,
            explains=(
                (
                    Look(frozenset({400}), path="error.code", value=2001),
                    "Close or reassign their incidents, and take them off every schedule and escalation policy; then "
                    "run it again.",
                ),
            ),
            help="Cannot be undone: a user who is added again has a new id and none of the old settings. "
            "PagerDuty refuses while incidents, schedules or escalation policies still name the user; it says which.",
        ),
        Preset(
            key="pagerduty_saas_user_role",
            title="SaaS User Role",
            method="GET",
            path="/users/{{ saas_user_id }}",
            needs=("saas_user_id",),
            inputs=(
                Input(
                    "deactivate_user",
                    "Deactivate User",
                    default="true",
                    help="Deactivate the SaaS user here when PagerDuty no longer has it.",
                ),
            ),
            danger=Danger.READS,
            success=Look(frozenset({200})),
            already_gone=Look(frozenset({404}), path="error.code", value=2100),
            record_path="user",
            help="Reads the user's role in PagerDuty.",
        ),
    ),
    help=ConnectorHelp(
        where_to_make_the_key=(
            "Sign in to PagerDuty as an account owner or a global admin.",
            "Open Integrations, then Developer Tools, then API Access Keys.",
            "Press Create New API Key. Tick Read-only unless a workflow will delete users.",
            "Copy the key at once: PagerDuty shows it only this time.",
        ),
        role_needed="an account key, or the key of a user who may see all users",
        role_to_act="an account key with full access; a read-only key lists users and deletes nobody",
        what_acting_does=(
            "PagerDuty has no suspended users: somebody is deleted, and the seat is free.",
            "Somebody on a schedule or an escalation policy, or with open incidents, is only deleted where PagerDuty's "
            "Offboarding is set up to hand these over.",
            "The account owner cannot be deleted.",
        ),
        refused_key="It may be wrong, expired, or for the other region.",
        documentation="https://developer.pagerduty.com/docs/introduction",
        console="https://app.pagerduty.com",
        prerequisites=(
            "A dedicated PagerDuty account for saasdesk is advised, so that the key does not leave with a colleague.",
        ),
    ),
)
