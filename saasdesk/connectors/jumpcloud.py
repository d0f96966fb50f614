"""JumpCloud system users and devices, through the v1 API, with sign-ins from Directory Insights."""

from collections.abc import Mapping
from datetime import timedelta

from saasdesk.clock import as_text, now
from saasdesk.connectors.inputs import ConnectorHelp, Input, Region
from saasdesk.connectors.pages import NotAPage, OffsetPages, rows_at, value_at
from saasdesk.connectors.preset import Danger, Look, Preset, ReadBack, Verified
from saasdesk.connectors.raw import Raw, json_header, utc_text
from saasdesk.connectors.spec import (
    ASSETS,
    AssetLoad,
    Check,
    Connector,
    Enrichment,
    FieldType,
    KeyTest,
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

# Nothing but an end by count is told, and without an order pages miss some people and repeat others.
PAGES = OffsetPages(limit=100, offset_name="skip", more_path="", total_path="totalCount")
BY_ID = {"sort": "_id"}

EVENTS = "/insights/directory/v1/events"
SIGN_INS = ("user_login_attempt", "sso_auth", "login_attempt", "ldap_bind", "radius_auth")
DAYS_KEPT = 90
EVENTS_A_PAGE = 10_000
# The newest come first: whoever is not among a million sign-ins has not been here lately.
MOST_EVENT_PAGES = 100

USER_ROLE = "User"
NOT_FOUND = Look(frozenset({404}), path="message", begins="not found")
DONE = Look(frozenset({200}))

# What makers leave in the firmware where a serial number belongs; the same text on many devices tells none apart.
NO_SERIALS = frozenset(
    {"0", "none", "n/a", "default string", "not specified", "system serial number", "to be filled by o.e.m."}
)


def organization_of(document: object) -> str | None:
    """The organisation behind a key, as its users name it; empty where it has no users yet."""
    try:
        users = rows_at(document, "results")
    except NotAPage:
        return None
    found = value_at(users[0], "organization") if users else None
    return found if isinstance(found, str) else ""


def _user_shows(path: str, then: Verified, otherwise: Verified, *, value: str | bool) -> ReadBack:
    """Reads the user back: this value at this path shows the one, any other the other."""
    found = frozenset({200})
    return ReadBack(
        "/api/systemusers/{{ jump_cloud_user_id }}",
        ((Look(found, path=path, value=value), then), (Look(found), otherwise), (NOT_FOUND, Verified.GONE)),
    )


def add_full_name(raw: Raw) -> None:
    """Put a name beside the two halves of it: the display name is often left empty."""
    halves = (raw.get("firstname"), raw.get("lastname"))
    shown = raw.get("displayname")
    if not (isinstance(shown, str) and shown.strip()):
        shown = " ".join(half for half in halves if isinstance(half, str) and half.strip())
    raw["full_name"] = shown


def folded_email(raw: Raw) -> str:
    """The e-mail address of a record as it is compared: administrators type theirs in their own way."""
    email = raw.get("email")
    return email.strip().casefold() if isinstance(email, str) else ""


def read_administrators(reader: VendorReader) -> Mapping[str, Raw]:
    """Who may sign in to the console, by e-mail address: the users' list tells it only since lately."""
    found: dict[str, Raw] = {}
    for row in reader.rows("/api/users", "results", PAGES, noun="administrators", key=lambda row: row.get("_id")):
        if email := folded_email(row):
            found[email] = {key: row.get(key) for key in ("roleName", "roleNames")}
    return found


def read_last_sign_ins(reader: VendorReader) -> Mapping[str, str]:
    """When each user last signed in anywhere, as far as the log goes back; one question for all of them."""
    found: dict[str, str] = {}
    question: dict[str, object] = {
        "service": ["all"],
        "start_time": as_text(now() - timedelta(days=DAYS_KEPT)),
        "sort": "DESC",
        "limit": EVENTS_A_PAGE,
        "search_term": {"and": [{"event_type": list(SIGN_INS)}]},
        "fields": ["timestamp", "event_type", "initiated_by", "success"],
    }
    for _ in range(MOST_EVENT_PAGES):
        answer = reader.ask(EVENTS, question)
        events = rows_at(answer.json(), "")
        for event in events:
            if value_at(event, "success") is not True:
                continue
            user, moment = value_at(event, "initiated_by.id"), utc_text(value_at(event, "timestamp"))
            if isinstance(user, str) and moment is not None:
                found[user] = max(moment, found.get(user, moment))
        limit, after = json_header(answer, "X-Limit"), json_header(answer, "X-Search_after")
        if len(events) < (limit if isinstance(limit, int) else EVENTS_A_PAGE):
            break
        if not after or after == question.get("search_after"):
            raise NotAPage("the log of sign-ins has no proper end")
        question["search_after"] = after
    return found


def role_of(raw: Raw) -> str | None:
    """What somebody may do in the console; None where this key cannot find out."""
    told = [key for key in ("admin", "administrator") if key in raw]
    admin = next((raw[key] for key in told if isinstance(raw[key], dict)), None)
    if admin is None:
        return USER_ROLE if told else None
    several = admin.get("roleNames")
    names = several if several and isinstance(several, list) else [admin.get("roleName")]
    return ", ".join(name for name in names if isinstance(name, str) and name) or USER_ROLE


def saas_values(raw: Raw) -> SaasValues:
    """Role, state and last sign-in. Old records lack the state; a locked account is still an active one."""
    state = raw.get("state")
    if not isinstance(state, str) or not state:
        state = "SUSPENDED" if raw.get("suspended") is True else "ACTIVATED"
    is_active = state == "ACTIVATED"
    conditions = (("account_locked", "locked"), ("password_expired", "password expired"))
    words = ["active" if is_active else state.lower()]
    words += [word for key, word in conditions if is_active and raw.get(key) is True]
    return SaasValues(
        role=role_of(raw), status=", ".join(words), last_activity=raw.get("last_sign_in_at"), inactive=not is_active
    )


def read_emails(reader: VendorReader) -> Mapping[str, Raw]:
    """The address of every system user, by id: a device names its owner by the id alone."""
    rows = reader.rows(
        "/api/systemusers",
        "results",
        PAGES,
        noun="owners",
        key=lambda row: row.get("_id"),
        params={"fields": "email", **BY_ID},
    )
    return {row["_id"]: {"email": row.get("email")} for row in rows if isinstance(row.get("_id"), str)}


def owner_of(raw: Raw) -> str:
    """The id of the system user who mainly uses a device; empty where JumpCloud names nobody."""
    found = value_at(raw, "primarySystemUser.id")
    return found if isinstance(found, str) else ""


def tidy_device(raw: Raw) -> None:
    """Put a name beside the display name, which may have been cleared, and a serial number that is really one."""
    name, host, serial = (raw.get(key) for key in ("displayName", "hostname", "serialNumber"))
    raw["name"] = next((text for text in (name, host) if isinstance(text, str) and text.strip()), raw.get("_id"))
    is_one = isinstance(serial, str) and serial.strip().casefold() not in NO_SERIALS
    raw["serial"] = serial if is_one else None


DEVICES = AssetLoad(
    listing=UserList(
        path="/api/systems",
        records_path="results",
        pages=PAGES,
        params=BY_ID,
        id_path="_id",
        email_path="hostname",
        id_pattern=r"[A-Za-z0-9_-]{1,64}",
        noun="devices",
        noun_for_one="device",
        one=UserRead(path="/api/systems/{{ id }}", gone=NOT_FOUND),
        after_fetch=tidy_device,
    ),
    owner_id_path="primarySystemUser.id",
    owner_email_path="owner.email",
    enrichments=(Enrichment("owners", "owner", read_emails, by=owner_of, otherwise=None),),
    fields=(
        VendorField("ID", "_id", id="id", help="A device whose agent is installed anew may get another one."),
        VendorField(
            "Display Name",
            "name",
            id="displayName",
            smart_target="name",
            help="The hostname where the display name is empty.",
        ),
        VendorField("Hostname", "hostname", smart_target="hostname"),
        VendorField(
            "Serial Number",
            "serial",
            id="serialNumber",
            smart_target="serial_number",
            help="Empty on many virtual machines, and where the maker left a placeholder.",
        ),
        VendorField("Manufacturer", "hwVendor", smart_target="manufacturer"),
        VendorField("Template", "templateName", help="The kind of system, by JumpCloud's own word for it."),
        VendorField("Operating System", "os", smart_target="operating_system"),
        VendorField("OS Family", "osFamily"),
        VendorField("OS Version", "version", smart_target="os_version"),
        VendorField("OS Release", "osVersionDetail.releaseName"),
        VendorField("Architecture", "arch"),
        VendorField("Agent Version", "agentVersion", smart_target="agent_version"),
        VendorField(
            "Agent Active",
            "active",
            FieldType.FLAG,
            smart_target="agent_active",
            help="Whether the agent was connected when the list was read.",
        ),
        VendorField("Last Contact", "lastContact", FieldType.DATETIME, smart_target="last_contact"),
        VendorField("Created", "created", FieldType.DATETIME),
        VendorField("Description", "description", FieldType.LONG_TEXT),
        VendorField("Remote IP", "remoteIP"),
        VendorField("Disk encrypted", "fde.active", FieldType.FLAG),
        VendorField("Recovery key kept", "fde.keyPresent", FieldType.FLAG),
        VendorField("MDM", "mdm.vendor"),
        VendorField("Owner ID", "primarySystemUser.id"),
        VendorField("Owner Email", "owner.email", feature="owners"),
    ),
    # They are different whenever the agent reports, which is every minute.
    volatile=frozenset({"lastContact", "active", "remoteIP", "networkInterfaces"}),
    default_fields=(NewField(ASSETS, "JumpCloud System Id", unique=True),),
    default_mapping=(
        MapDefault("name", source="displayName", object=ASSETS),
        MapDefault("hostname", source="hostname", object=ASSETS),
        MapDefault("serial_number", source="serialNumber", object=ASSETS, sync_key=1),
        # What has no serial number is told apart by its id; a device that got another id keeps its record.
        MapDefault("jump_cloud_system_id", source="id", object=ASSETS, sync_key=2, update_key=True),
        MapDefault("manufacturer", source="hwVendor", object=ASSETS),
        MapDefault("operating_system", source="os", object=ASSETS),
        MapDefault("os_version", source="version", object=ASSETS),
        MapDefault("agent_version", source="agentVersion", object=ASSETS),
        MapDefault("agent_active", source="active", object=ASSETS),
        MapDefault("last_contact", source="lastContact", object=ASSETS),
    ),
)


JUMPCLOUD = Connector(
    key="jumpcloud",
    title="JumpCloud",
    regions=(
        Region("US", "https://console.jumpcloud.com", elsewhere={"/insights/": "https://api.jumpcloud.com"}),
        Region("EU", "https://console.eu.jumpcloud.com"),
        Region("IN", "https://console.in.jumpcloud.com"),
    ),
    address_tail="/api",
    inputs=(
        Input(
            "base_url",
            "Service region",
            help="Leave it empty for the US. Europe is https://console.eu.jumpcloud.com, India "
            "https://console.in.jumpcloud.com.",
            variable="JumpCloud.Service Region",
        ),
        Input(
            "organization_id",
            "Organization ID",
            help="Only for administrators of several organisations: the one that this integration reads.",
            variable="JumpCloud.Organization ID",
        ),
    ),
    sign_in=HeaderKey("x-api-key"),
    headers={"Accept": "application/json", "x-org-id": "{{ organization_id }}"},
    # The vendor publishes no limit; it says when it is reached.
    rate=RateLimit(per_minute=960, burst=240),
    key_test=KeyTest(
        "/api/systemusers",
        params={"limit": "1", "fields": "email organization", **BY_ID},
        identity_of=organization_of,
        checks=(
            Check(
                "administrators",
                "Administrator roles",
                path="/api/users",
                params={"limit": "1"},
                advice="Use the key of an administrator who may see the other administrators.",
            ),
            Check(
                "last_activity",
                "Last activity",
                path=EVENTS,
                method="POST",
                json={"service": ["directory"], "start_time": "2026-01-01T00:00:00Z", "sort": "DESC", "limit": 1},
                advice="Sign-ins come from Directory Insights: plan and role must both include it.",
            ),
            Check(
                "devices",
                "List devices",
                path="/api/systems",
                params={"limit": "1", **BY_ID},
                advice="Only an integration of assets needs it: the role must be allowed to see devices.",
            ),
            Check(
                "change_users",
                "Create, unlock and delete users",
                advice="Not tried: only doing it would show it. The key can do what its administrator can.",
                acts=True,
            ),
        ),
    ),
    users=UserList(
        path="/api/systemusers",
        records_path="results",
        pages=PAGES,
        params=BY_ID,
        id_path="_id",
        name_path="full_name",
        id_pattern=r"[A-Za-z0-9_-]{1,64}",
        one=UserRead(path="/api/systemusers/{{ id }}", gone=NOT_FOUND),
        after_fetch=add_full_name,
    ),
    has_licences=False,
    parallel_pages=4,
    enrichments=(
        Enrichment("administrators", "administrator", read_administrators, by=folded_email, otherwise=None),
        Enrichment("last_activity", "last_sign_in_at", read_last_sign_ins),
    ),
    fields=(
        VendorField("ID", "_id", id="id", help="A user who is created again gets a new one."),
        VendorField(
            "Displayname",
            "full_name",
            id="displayname",
            smart_target="name",
            help="First and last name where the display name is empty.",
        ),
        VendorField("Email", "email", smart_target="email"),
        VendorField("First Name", "firstname", smart_target="first_name"),
        VendorField("Last Name", "lastname", smart_target="last_name"),
        VendorField("Username", "username"),
        VendorField("State", "state", help="STAGED, ACTIVATED or SUSPENDED; empty on very old records."),
        VendorField("Suspended", "suspended", FieldType.FLAG, help="The older twin of State."),
        VendorField("Activated", "activated", FieldType.FLAG, help="Yes once a password was set; this is not State."),
        VendorField("Manager", "manager", smart_target="manager", names_user=True),
        VendorField("Job Title", "jobTitle", smart_target="job_title"),
        VendorField("Department", "department", smart_target="department"),
        VendorField("Location", "location", smart_target="location"),
        VendorField("Company", "company"),
        VendorField("Cost Center", "costCenter"),
        VendorField("Employee Type", "employeeType"),
        VendorField("Employee Identifier", "employeeIdentifier", smart_target="employee_id"),
        VendorField("Description", "description", FieldType.LONG_TEXT),
        VendorField("Alternate Email", "alternateEmail"),
        VendorField("Created", "created", FieldType.DATETIME),
        VendorField("Account Locked", "account_locked", FieldType.FLAG),
        VendorField("Account Locked Date", "account_locked_date", FieldType.DATETIME),
        VendorField("Password Expired", "password_expired", FieldType.FLAG),
        VendorField("Password Expiration Date", "password_expiration_date", FieldType.DATETIME),
        VendorField("Allow Public Key", "allow_public_key", FieldType.FLAG),
        VendorField("Disable Device Max Login Attempts", "disableDeviceMaxLoginAttempts", FieldType.FLAG),
        VendorField("MFA configured", "mfa.configured", FieldType.FLAG),
        VendorField("Global sudo", "sudo", FieldType.FLAG, help="May become root on every device."),
        VendorField("Administrator role", "administrator.roleName", feature="administrators"),
        VendorField(
            "Last sign-in",
            "last_sign_in_at",
            FieldType.DATETIME,
            feature="last_activity",
            help=f"The newest of the last {DAYS_KEPT} days; empty is unknown, not never.",
        ),
    ),
    # Counts every slip of the finger.
    volatile=frozenset({"badLoginAttempts"}),
    # Whoever did not sign in while the log goes back may have done so before.
    saas=SaasShape(saas_values, unknown_if_none=frozenset({"role", "last_activity"})),
    default_fields=(NewField("people", "JumpCloud User Id", unique=True),),
    default_mapping=(
        MapDefault("username", source="email"),
        MapDefault("email", source="email", sync_key=1),
        MapDefault("name", source="displayname"),
        MapDefault("first_name", source="firstname"),
        MapDefault("last_name", source="lastname"),
        MapDefault("role", value="Employee"),
        MapDefault("jump_cloud_user_id", source="id"),
        MapDefault("job_title", source="jobTitle"),
        MapDefault("department", source="department"),
        MapDefault("manager", source="manager"),
    ),
    assets=DEVICES,
    presets=(
        Preset(
            key="jumpcloud_create_user",
            title="Create User",
            method="POST",
            path="/api/systemusers",
            inputs=(
                Input("username", "Username", required=True),
                Input("email", "Email address", required=True),
                Input("firstname", "Firstname", required=True),
                Input("lastname", "Lastname", required=True),
            ),
            body={
                "username": "{{ username }}",
                "email": "{{ email }}",
                "firstname": "{{ firstname }}",
                "lastname": "{{ lastname }}",
            },
            danger=Danger.CHANGES,
            success=DONE,
            read_back=ReadBack(
                "/api/systemusers/{{ new_id }}",
                ((Look(frozenset({200}), path="email", begins="{{ email }}"), Verified.CONFIRMED),),
                new_id_path="_id",
            ),
            inverse="jumpcloud_delete_user",
            help="The new user may come back staged: the organisation's settings decide. Leave a key out of the body "
            "rather than sending it empty.",
        ),
        Preset(
            key="jumpcloud_get_user",
            title="Get User",
            method="GET",
            path="/api/systemusers/{{ jump_cloud_user_id }}",
            needs=("jump_cloud_user_id",),
            danger=Danger.READS,
            success=DONE,
            already_gone=NOT_FOUND,
            help="Reads everything that JumpCloud knows of the user.",
        ),
        Preset(
            key="jumpcloud_delete_user",
            title="Delete User",
            method="DELETE",
            path="/api/systemusers/{{ jump_cloud_user_id }}",
            needs=("jump_cloud_user_id",),
            inputs=(
                Input(
                    "cascade_manager",
                    "New manager of the reports",
                    help="JumpCloud refuses to delete somebody's manager unless this is filled in: null leaves the "
                    "reports without one, the id of a user gives them that one.",
                ),
            ),
            params={"cascade_manager": "{{ cascade_manager }}"},
            danger=Danger.DESTROYS,
            success=DONE,
            already_gone=NOT_FOUND,
            is_irreversible=True,
            explains=(
                (
                    Look(frozenset({409})),
                    "JumpCloud deletes nobody who manages others: say in New manager of the reports who takes over.",
                ),
            ),
            help="Cannot be undone: a user who is created again has a new id.",
        ),
        Preset(
            key="jumpcloud_unlock_user",
            title="Unlock User",
            method="POST",
            path="/api/systemusers/{{ jump_cloud_user_id }}/unlock",
            needs=("jump_cloud_user_id",),
            danger=Danger.CHANGES,
            success=DONE,
            already_gone=NOT_FOUND,
            read_back=_user_shows("account_locked", Verified.CONFIRMED, Verified.NOT_CONFIRMED, value=False),
            help="An expired password stays expired.",
        ),
        Preset(
            key="jumpcloud_expire_password",
            title="Expire System Password",
            method="POST",
            path="/api/systemusers/{{ jump_cloud_user_id }}/expire",
            needs=("jump_cloud_user_id",),
            danger=Danger.DESTROYS,
            success=DONE,
            already_gone=NOT_FOUND,
            read_back=_user_shows("password_expired", Verified.CONFIRMED, Verified.NOT_CONFIRMED, value=True),
            help="The user has to choose a new password at the next sign-in.",
        ),
        Preset(
            key="jumpcloud_suspend_user",
            title="Suspend User",
            method="PUT",
            path="/api/systemusers/{{ jump_cloud_user_id }}",
            needs=("jump_cloud_user_id",),
            body={"state": "SUSPENDED"},
            danger=Danger.DESTROYS,
            success=DONE,
            already_gone=NOT_FOUND,
            read_back=_user_shows("state", Verified.DISABLED, Verified.STILL_ACTIVE, value="SUSPENDED"),
            inverse="jumpcloud_activate_user",
            help="The account stays, and can be activated again.",
        ),
        Preset(
            key="jumpcloud_activate_user",
            title="Activate User",
            method="PUT",
            path="/api/systemusers/{{ jump_cloud_user_id }}",
            needs=("jump_cloud_user_id",),
            body={"state": "ACTIVATED"},
            danger=Danger.CHANGES,
            success=DONE,
            already_gone=NOT_FOUND,
            read_back=_user_shows("state", Verified.CONFIRMED, Verified.NOT_CONFIRMED, value="ACTIVATED"),
            inverse="jumpcloud_suspend_user",
            help="Lets somebody who was suspended sign in again.",
        ),
        Preset(
            key="jumpcloud_user_role",
            title="JumpCloud User Role",
            method="GET",
            path="/api/systemusers/{{ saas_user_id }}",
            needs=("saas_user_id",),
            danger=Danger.READS,
            success=DONE,
            already_gone=NOT_FOUND,
            help="Reads the user's role in JumpCloud. Whoever is no administrator has the role User.",
        ),
    ),
    help=ConnectorHelp(
        where_to_make_the_key=(
            "Sign in to the JumpCloud admin portal as the administrator whose role the key is to have.",
            "Open the menu of your account at the top right, then My API Key.",
            "Generate a key. An older key of the same administrator stops working at once.",
            "Copy the key: JumpCloud shows it only this time.",
        ),
        role_needed="an administrator who may see users, with API access switched on",
        role_to_act="an administrator who may also change and delete users; one with the role Read Only may not",
        what_acting_does=(
            "A deleted user cannot be brought back: whoever is made anew has another id.",
            "Somebody's manager is only deleted once the reports have another manager, or none.",
            "Unlocking does not renew a password that has expired.",
        ),
        refused_key="It may be wrong or replaced; an administrator of several organisations has to fill in the "
        "Organization ID too.",
        documentation="https://docs.jumpcloud.com/api/1.0/index.html",
        console="https://console.jumpcloud.com",
        prerequisites=(
            "A dedicated administrator for saasdesk is advised: a key has exactly the rights of its owner.",
            "JumpCloud knows no licences of single users, so none are shown.",
        ),
    ),
)
