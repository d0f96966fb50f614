"""What can be done at Atlassian: ready-made requests for workflows, and where its three APIs are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from saasdesk.connectors.inputs import Input
from saasdesk.connectors.preset import Danger, Look, LookUp, Preset, ReadBack, Verified

ORGANISATION = "/admin/v1/orgs/{{ organization_id }}"
# Of the calls of v1 only the list of accounts and the activity dates are still there.
DIRECTORIES = "/admin/v2/orgs/{{ organization_id }}/directories"
ACCOUNT = "/users/{{ saas_user_id }}"
SCIM = "/scim/directory/{{ directory_id }}/Users"
BY_NAME = {"filter": 'userName eq "{{ email }}"'}

OK = Look(frozenset({200}))
# Not every call says in the vendor's document which of these it answers; none of them has a body worth reading.
DONE = Look(frozenset({200, 201, 202, 204}))
NO_ACCOUNT = Look(frozenset({404}), path="key", value="notFound")
NO_MEMBER = Look(frozenset({404}), path="errors.0.code", value="ADMIN-404-8")
NO_RECORD = Look(frozenset({404}), path="schemas.0", value="urn:ietf:params:scim:api:messages:2.0:Error")
HERE_ALREADY = "The directory has a user of this name already; it was left as it is."

# What an account is like afterwards, as user management has it, and as the directory of the organisation has it.
ACCOUNT_SHOWS_IT_CLOSED = ReadBack(
    f"{ACCOUNT}/manage/profile",
    (
        (Look(OK.statuses, path="account.account_status", value="inactive"), Verified.DISABLED),
        (Look(OK.statuses, path="account.account_status", value="closed"), Verified.DISABLED),
        (Look(OK.statuses, path="account.account_status", value="active"), Verified.STILL_ACTIVE),
        (NO_ACCOUNT, Verified.GONE),
    ),
)
ACCOUNT_SHOWS_IT_OPEN = ReadBack(
    f"{ACCOUNT}/manage/profile",
    (
        (Look(OK.statuses, path="account.account_status", value="active"), Verified.CONFIRMED),
        (Look(OK.statuses, path="account.account_status", value="inactive"), Verified.NOT_CONFIRMED),
        (NO_ACCOUNT, Verified.GONE),
    ),
)


def membership_shows(*shows: tuple[Look, Verified], may_lag: bool = False) -> ReadBack:
    """Looks the account up in the organisation's directories."""
    nobody = (Look(OK.statuses, path="data", is_empty=True), Verified.GONE)
    return ReadBack(
        f"{DIRECTORIES}/-/users/search",
        (*shows, nobody),
        body={"accountIds": ["{{ saas_user_id }}"]},
        may_lag=may_lag,
    )


def _membership(value: str) -> Look:
    return Look(OK.statuses, path="data.0.membershipStatus", value=value)


# Read back alone, a record may lack its state: then nobody can say.
RECORD_SHOWS_IT_CLOSED = ReadBack(
    f"{SCIM}/{{{{ found_record_id }}}}",
    (
        (NO_RECORD, Verified.GONE),
        (Look(OK.statuses, path="active", value=False), Verified.DISABLED),
        (Look(OK.statuses, path="active", value=True), Verified.STILL_ACTIVE),
    ),
)

# What user management only hints at.
NOT_ALLOWED = (
    (
        Look(frozenset({403}), path="key", value="forbidden.action"),
        "Google Workspace or an identity provider looks after this account: it can only be changed there.",
    ),
    (
        Look(frozenset({403}), path="key", value="forbidden.targetUnverified"),
        "The e-mail address of this account was never verified.",
    ),
    (
        Look(frozenset({403}), path="key", value="forbidden"),
        "Either the key has scopes, and it takes one without, or the organisation does not manage this account.",
    ),
)
NO_NEWER_MANAGEMENT = (
    (
        Look(frozenset({403}), path="errors.0.code", value="ADMIN-403-3"),
        "The key may not do it, or the organisation does not have Atlassian's newer user management yet.",
    ),
)


def on_account(step: str, title: str, danger: Danger, read_back: ReadBack, inverse: str) -> Preset:
    """A step in the life of a managed account; it needs a key without scopes."""
    return Preset(
        key=title.lower().replace(" ", "_"),
        title=title,
        method="POST",
        path=f"{ACCOUNT}/manage/lifecycle/{step}",
        needs=("saas_user_id",),
        danger=danger,
        success=DONE,
        already_gone=NO_ACCOUNT if danger is Danger.DESTROYS else None,
        explains=NOT_ALLOWED,
        read_back=read_back,
        inverse=inverse,
    )


def in_directory(
    method: Literal["POST", "DELETE"], step: str, title: str, danger: Danger, read_back: ReadBack, inverse: str = ""
) -> Preset:
    """A change of what an account has in the organisation, in the directory where it is a member."""
    nobody = "This account is in none of the organisation's directories."
    return Preset(
        key=title.lower().replace(" ", "_"),
        title=title,
        method=method,
        path=f"{DIRECTORIES}/{{{{ found_directory_id }}}}{ACCOUNT}{step}",
        needs=("saas_user_id",),
        look_up=LookUp(
            "found_directory_id", DIRECTORIES, "data.0.directoryId", nobody, {"accountId": "{{ saas_user_id }}"}
        ),
        danger=danger,
        success=DONE,
        already_gone=NO_MEMBER if danger is Danger.DESTROYS else None,
        explains=NO_NEWER_MANAGEMENT,
        read_back=read_back,
        inverse=inverse,
    )


def provisioned(
    method: Literal["PATCH", "DELETE"], title: str, help_: str, body: Mapping[str, object] | None = None
) -> Preset:
    """A change of a record in the provisioning directory, found by its user name, which usually is the e-mail."""
    return Preset(
        key=title.lower().replace(" ", "_"),
        title=title,
        method=method,
        path=f"{SCIM}/{{{{ found_record_id }}}}",
        kind="scim",
        needs=("email",),
        look_up=LookUp("found_record_id", SCIM, "Resources.0.id", "User Not Found", BY_NAME),
        body=body,
        danger=Danger.DESTROYS,
        success=DONE,
        already_gone=NO_RECORD,
        read_back=RECORD_SHOWS_IT_CLOSED,
        help=help_,
    )


PRESETS = (
    replace(
        on_account(
            "disable", "Atlassian Deactivate User", Danger.DESTROYS, ACCOUNT_SHOWS_IT_CLOSED, "atlassian_activate_user"
        ),
        inputs=(Input("message", "Message", help="What Atlassian tells whoever looks at the account."),),
        body={"message": "{{ message }}"},
        help="Closes every Atlassian product to the account, which is no longer charged. Accounts that come from "
        "Google Workspace or an identity provider can only be deactivated there.",
    ),
    replace(
        on_account(
            "enable", "Atlassian Activate User", Danger.CHANGES, ACCOUNT_SHOWS_IT_OPEN, "atlassian_deactivate_user"
        ),
        help="Opens a deactivated account again; a deleted one stays closed.",
    ),
    replace(
        on_account(
            "delete",
            "Atlassian Delete Account",
            Danger.DESTROYS,
            ACCOUNT_SHOWS_IT_CLOSED,
            "atlassian_cancel_deletion",
        ),
        help="Atlassian deletes the account for good after 14 days, in which it can be taken back.",
    ),
    replace(
        on_account(
            "cancel-delete",
            "Atlassian Cancel Deletion",
            Danger.CHANGES,
            membership_shows(
                (Look(OK.statuses, path="data.0.forDeletion", value=True), Verified.NOT_CONFIRMED),
                (Look(OK.statuses, path="data.0.forDeletion", value=False), Verified.CONFIRMED),
            ),
            "atlassian_delete_account",
        ),
        help="Works within 14 days of the deletion.",
    ),
    replace(
        in_directory(
            "POST",
            "/suspend",
            "Atlassian Suspend Access",
            Danger.DESTROYS,
            membership_shows(
                (_membership("suspended"), Verified.DISABLED), (_membership("active"), Verified.STILL_ACTIVE)
            ),
            "atlassian_restore_access",
        ),
        help="Closes the organisation's products to the account. Groups and roles stay; nothing is charged.",
    ),
    replace(
        in_directory(
            "POST",
            "/restore",
            "Atlassian Restore Access",
            Danger.CHANGES,
            membership_shows(
                (_membership("active"), Verified.CONFIRMED), (_membership("suspended"), Verified.NOT_CONFIRMED)
            ),
            "atlassian_suspend_access",
        ),
        help="Takes back a suspension; charges begin again.",
    ),
    replace(
        in_directory(
            "DELETE",
            "",
            "Atlassian Remove User",
            Danger.DESTROYS,
            membership_shows(
                (_membership("active"), Verified.STILL_ACTIVE),
                (_membership("suspended"), Verified.STILL_ACTIVE),
                may_lag=True,
            ),
        ),
        is_irreversible=True,
        help="Takes the account out of the organisation: it must be invited and given its roles anew. It may still "
        "be listed for a while, and stays among the managed accounts.",
    ),
    Preset(
        key="atlassian_create_user",
        title="Atlassian Create User",
        method="POST",
        path=SCIM,
        kind="scim",
        needs=("email", "name"),
        body={
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "{{ email }}",
            "emails": [{"value": "{{ email }}", "type": "work", "primary": True}],
            "displayName": "{{ name }}",
            "active": True,
        },
        danger=Danger.CHANGES,
        success=Look(frozenset({201})),
        no_effect=(Look(frozenset({409}), path="scimType", value="uniqueness"), HERE_ALREADY),
        explains=((Look(frozenset({409})), HERE_ALREADY),),
        read_back=ReadBack(
            f"{SCIM}/{{{{ new_id }}}}",
            ((Look(OK.statuses, path="userName", begins="{{ email }}"), Verified.CONFIRMED),),
            new_id_path="id",
        ),
        inverse="atlassian_delete_user",
        help="Needs user provisioning. A user who is there already is reported and left as it is.",
    ),
    provisioned(
        "PATCH",
        "Atlassian Deactivate Directory User",
        # Atlassian writes "operations" in lower case, other vendors do not.
        body={
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "operations": [{"op": "replace", "path": "active", "value": False}],
        },
        help_="For accounts that an identity provider manages.",
    ),
    replace(
        provisioned(
            "DELETE",
            "Atlassian Delete User",
            help_="Deletes the directory's record and deactivates the account. Whoever was never synced into the "
            "directory is reported as User Not Found, which is no failure.",
        ),
        is_irreversible=True,
    ),
    Preset(
        key="atlassian_saas_user_role",
        title="SaaS User Role",
        method="POST",
        path=f"{DIRECTORIES}/-/users/search",
        needs=("saas_user_id",),
        inputs=(
            Input(
                "deactivate_user",
                "Deactivate User",
                default="true",
                help="Deactivate the SaaS user here when Atlassian no longer has it.",
            ),
        ),
        body={"accountIds": ["{{ saas_user_id }}"], "expand": ["productAccess"]},
        danger=Danger.READS,
        success=OK,
        already_gone=Look(frozenset({200}), path="data", is_empty=True),
        record_path="data.0",
        help="Reads the account's state and products; sees suspensions, which the list of users does not.",
    ),
    Preset(
        key="atlassian_may_deactivate",
        title="Atlassian May Be Deactivated",
        method="GET",
        path=f"{ACCOUNT}/manage",
        needs=("saas_user_id",),
        params={"privileges": "lifecycle.enablement"},
        danger=Danger.READS,
        success=OK,
        already_gone=NO_ACCOUNT,
        help="Asks whether this key may deactivate the account, before it is tried.",
    ),
    Preset(
        key="atlassian_last_active_dates",
        title="Atlassian Last Active Dates",
        method="GET",
        path=f"{ORGANISATION}/directory{ACCOUNT}/last-active-dates",
        needs=("saas_user_id",),
        danger=Danger.READS,
        success=OK,
        already_gone=NO_MEMBER,
        record_path="data",
        help="The last day of use of each product. Atlassian allows 200 of these a minute.",
    ),
    Preset(
        key="atlassian_find_directory_user",
        title="Atlassian Find Directory User",
        method="GET",
        path=SCIM,
        kind="scim",
        needs=("email",),
        params=BY_NAME,
        danger=Danger.READS,
        success=OK,
        record_path="Resources.0",
        help="Looks for a user of this name in the directory.",
    ),
)
