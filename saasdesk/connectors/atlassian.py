"""Atlassian Cloud: the managed accounts of one organisation, and the directory that provisions them."""

from collections.abc import Mapping

from saasdesk.connectors.atlassian_presets import DIRECTORIES, ORGANISATION, PRESETS, SCIM
from saasdesk.connectors.inputs import ConnectorHelp, Input, Region
from saasdesk.connectors.pages import CursorPages, value_at
from saasdesk.connectors.raw import Raw, utc_text
from saasdesk.connectors.spec import (
    Check,
    Connector,
    FieldType,
    KeyKind,
    KeyTest,
    LicenceValues,
    MapDefault,
    NewField,
    RateLimit,
    SaasShape,
    SaasValues,
    UserList,
    VendorField,
)
from saasdesk.web import Bearer, VendorError

# What the API says of an account that cannot sign in. The list is open: a new word is unknown, not inactive.
INACTIVE = frozenset({"inactive", "closed"})


def is_rejected_cursor(error: VendorError) -> bool:
    """Whether the vendor refused a page for its cursor, which it may forget."""
    return error.status == 400 and value_at(error.json_error, "errors.0.code") == "ADMIN-400-1"


def organisation_id(document: object) -> str | None:
    """The id of the organisation in the answer to the key test."""
    found = value_at(document, "data.id")
    return found if isinstance(found, str) and found else None


def organisation_name(document: object) -> str | None:
    """The name of the organisation in the answer to the key test."""
    found = value_at(document, "data.attributes.name")
    return found if isinstance(found, str) else None


def first_account(document: object) -> Mapping[str, str]:
    """Somebody to try the user management with."""
    found = value_at(document, "data.0.account_id")
    return {"account_id": found} if isinstance(found, str) else {}


def directory_size(document: object) -> str | None:
    """A directory has no name; how many users it holds tells one from another."""
    total = value_at(document, "totalResults")
    return f"a directory with {total:,} users" if isinstance(total, int) else None


def products(raw: Raw) -> list[Raw]:
    """The products of an account, each once a site; the list may be missing, null or empty."""
    found = raw.get("product_access")
    return [product for product in found if isinstance(product, dict)] if isinstance(found, list) else []


def add_names(raw: Raw) -> None:
    """Put the names of the products on one line, and beside the name the one that people see."""
    names = (product.get("name") for product in products(raw))
    raw["application_names"] = ", ".join(dict.fromkeys(name for name in names if isinstance(name, str))) or None
    raw["display_name"] = raw.get("nickname") or raw.get("name")


def saas_values(raw: Raw) -> SaasValues:
    """Products as role and licences, state and last activity: all of it is in the list, no call is made for a user."""
    licences: dict[str, LicenceValues] = {}
    for product in products(raw):
        name, key, site = (product.get(part) for part in ("name", "key", "url"))
        # The same product comes once for every site.
        made = f"{key or name} {site}" if site else f"{key or name}"
        used = utc_text(product.get("last_active"))
        before = licences.get(made)
        if before is not None:
            used = max(filter(None, (used, before.last_used)), default=None)
        licences[made] = LicenceValues(made, product=name or key, team=site, last_used=used)
    times = (utc_text(raw.get("last_active")), *(licence.last_used for licence in licences.values()))
    status = raw.get("account_status")
    return SaasValues(
        role=raw.get("application_names"),
        status=status if isinstance(status, str) and status else "unknown",
        # Nothing said is never or unknown, not now.
        last_activity=max(filter(None, times), default=None),
        inactive=status in INACTIVE,
        licences=tuple(licences.values()),
    )


ATLASSIAN = Connector(
    key="atlassian",
    title="Atlassian",
    regions=(Region("Atlassian Cloud", "https://api.atlassian.com"),),
    inputs=(
        Input(
            "organization_id",
            "Atlassian Organization ID",
            required=True,
            help="It is shown together with the new API key, and stands in the address of admin.atlassian.com.",
            variable="Atlassian.Organization ID",
            pattern=r"https?://\S+?/o/([A-Za-z0-9-]{1,64})(?:[/?]\S*)?|([A-Za-z0-9-]{1,64})",
        ),
        Input(
            "directory_id",
            "Directory ID",
            help="Only to create and delete users: the last part of the Directory Base URL, or the whole of it.",
            variable="Atlassian.Directory ID",
            pattern=r"https?://\S+?/scim/directory/([A-Za-z0-9-]{1,64})(?:[/?]\S*)?|([A-Za-z0-9-]{1,64})",
        ),
    ),
    sign_in=Bearer(),
    # Atlassian publishes a number for the activity dates only (200 a minute); the list takes one call for a page.
    rate=RateLimit(per_minute=960, burst=240),
    key_test=KeyTest(
        # Not /admin/v1/orgs: it has answered an empty list to good keys.
        ORGANISATION,
        identity_of=organisation_id,
        title_of=organisation_name,
        not_yours="This key does not open the organisation {{ organization_id }}. "
        "Copy the Organization ID that was shown together with this key.",
        checks=(
            Check(
                "list_users",
                "List users",
                path=f"{ORGANISATION}/users",
                advice="Make a key without scopes, or one with read:accounts:admin.",
                tells=first_account,
            ),
            Check(
                "directories",
                "Suspend, restore and remove",
                path=DIRECTORIES,
                advice="Make a key without scopes. The organisation also needs Atlassian's newer user management.",
                acts=True,
            ),
            Check(
                "manage_accounts",
                "Deactivate and delete accounts",
                path="/users/{{ account_id }}/manage",
                advice="Atlassian refuses this to every key with scopes. Make a key without scopes.",
                acts=True,
            ),
            Check(
                "provisioning",
                "Create and delete users",
                advice="Takes a directory key (kind scim): add it as a credential of its own.",
                acts=True,
            ),
        ),
    ),
    kinds=(
        KeyKind(
            "scim",
            "Directory key",
            needs=("directory_id",),
            key_test=KeyTest(
                SCIM,
                params={"startIndex": "1", "count": "1"},
                identity_of=directory_size,
                not_yours="This key does not open the directory {{ directory_id }}. "
                "Copy the last part of the Directory Base URL that was shown together with this key.",
                checks=(
                    Check(
                        "provisioning",
                        "Create and delete users",
                        advice="Not tried: only a change would show it. A directory's key can do both.",
                        acts=True,
                    ),
                ),
            ),
            help=ConnectorHelp(
                where_to_make_the_key=(
                    "Open admin.atlassian.com and choose the organisation.",
                    "Open Security, then Identity providers, then your directory.",
                    "Set up user provisioning. Copy the Directory Base URL and the API key: they are shown only once.",
                ),
                role_needed="the key of the directory itself; the organisation's key does not open it",
                role_to_act="the key of the directory itself, which can create and delete its users",
                what_acting_does=(
                    "Deleting a user of the directory deactivates the managed account: access ends and so does "
                    "billing.",
                    "A user who was never synced into the directory is not found there, which counts as deleted.",
                ),
                prerequisites=(
                    "A domain verified by DNS or HTTPS, not through Google Workspace.",
                    "The users, synced into this directory by your identity provider.",
                ),
                refused_key="It may be wrong or expired, or be the organisation's key instead of the directory's.",
                documentation="https://developer.atlassian.com/cloud/admin/user-provisioning/rest/intro/",
            ),
        ),
    ),
    users=UserList(
        path=f"{ORGANISATION}/users",
        records_path="data",
        # The next page is an address here and a bare token elsewhere; the call knows no limit and no filter.
        pages=CursorPages(is_rejected=is_rejected_cursor),
        id_path="account_id",
        id_pattern=r"[a-zA-Z0-9_|:-]{1,128}",
        after_fetch=add_names,
        when_empty="Only managed accounts are listed: is a domain verified at admin.atlassian.com?",
        without_email="Atlassian shows no e-mail address of this account, so it cannot be told whose it is",
    ),
    fields=(
        VendorField(
            "Access Billable",
            "access_billable",
            FieldType.FLAG,
            help="Whether Atlassian Guard charges for the account.",
        ),
        VendorField("Account ID", "account_id", help="The same in every organisation that the account belongs to."),
        VendorField("Account Status", "account_status", help="Suspended people can still read active here."),
        VendorField("Account Type", "account_type", help="atlassian, customer, or app for a robot."),
        VendorField("Application Names", "application_names", FieldType.LIST),
        VendorField("Display Name", "display_name"),
        VendorField("Email", "email", smart_target="email", help="Left out by Atlassian where the account hides it."),
        VendorField("Last Active", "last_active", FieldType.DATETIME, help="Up to a day late; empty for never."),
        VendorField("Name", "name", smart_target="name"),
        VendorField("User Url Self", "links.self", FieldType.LONG_TEXT),
        VendorField("Picture", "picture", FieldType.LONG_TEXT),
    ),
    saas=SaasShape(saas_values),
    default_fields=(
        NewField("people", "Atlassian Account ID", unique=True),
        NewField("people", "Atlassian Account Status"),
        NewField("people", "Atlassian Last Active", FieldType.DATETIME),
        NewField("people", "Atlassian Application Names", FieldType.LIST),
    ),
    default_mapping=(
        MapDefault("username", source="email"),
        # Whoever hides the address later keeps the one that is known.
        MapDefault("email", source="email", sync_key=1, policy="only_if_source_filled"),
        MapDefault("name", source="name"),
        MapDefault("role", value="Employee"),
        MapDefault("atlassian_account_id", source="account_id"),
        MapDefault("atlassian_account_status", source="account_status"),
        MapDefault("atlassian_last_active", source="last_active"),
        MapDefault("atlassian_application_names", source="application_names"),
    ),
    presets=PRESETS,
    help=ConnectorHelp(
        where_to_make_the_key=(
            "Open admin.atlassian.com and choose the organisation.",
            "Open Settings, then API keys, and press Create API key.",
            "Choose a key without scopes: Atlassian refuses deactivating and deleting to all others.",
            "Pick the day on which it expires: a week from now unless you say otherwise, a year at most.",
            "Copy the Organization ID and the key at once: they are shown only this time.",
        ),
        role_needed="a key without scopes, made by an organisation admin (a site admin is not enough)",
        role_to_act="a key without scopes: Atlassian refuses deactivating and deleting to every other",
        what_acting_does=(
            "Somebody who is deactivated loses access to Jira, Confluence and every other Atlassian product at once, "
            "and is no longer billed. Activating the account gives both back.",
            "Suspending takes the access of one directory away, keeps groups and roles, and stops billing too.",
            "A deleted account is gone for good after 14 days; until then an admin can cancel it.",
        ),
        refused_key="It may be wrong or expired, or lack the scopes for this.",
        documentation="https://developer.atlassian.com/cloud/admin/organization/rest/intro/",
        console="https://admin.atlassian.com",
        prerequisites=(
            "An organisation at admin.atlassian.com, and you as its organisation admin: a site admin cannot make keys.",
            "At least one verified domain: only the accounts of verified domains are listed.",
            "Users that you can see at admin.atlassian.com, under Directory: what is empty there stays empty here.",
            "Only to create and delete users: a domain verified by DNS or HTTPS (not through Google Workspace), "
            "the Directory ID and the key of that directory, with its users synced into it.",
        ),
    ),
)
