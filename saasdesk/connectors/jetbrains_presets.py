"""What workflows can do at JetBrains: find somebody's licences, give them out, take them back, move them."""

from saasdesk.connectors.inputs import Input
from saasdesk.connectors.preset import Danger, Look, Precheck, Preset, ReadBack, Verified

_REFUSED = frozenset({400, 403})


def _code(code: str) -> Look:
    return Look(_REFUSED, path="code", value=code)


def _description(word: str) -> Look:
    return Look(_REFUSED, path="description", value=word)


NO_LICENCE = Look(frozenset({400, 404}), path="code", value="LICENSE_NOT_FOUND")
# JetBrains gives codes for its reasons, and often nothing but the offending value beside them.
NOT_ALLOWED = (
    (_code("INSUFFICIENT_PERMISSIONS"), "The owner of the key may only look. Use the key of an admin."),
    (_code("TEAM_MISMATCH"), "The key is for another team. Use the key of an organisation admin."),
    (_code("TOKEN_TYPE_MISMATCH"), "The key is for one team. This takes the key of an organisation admin."),
)
TOO_EARLY = (
    _code("RECENTLY_ASSIGNED_LICENSE_IS_NOT_AVAILABLE_FOR_REVOKE"),
    "The licence was given out less than 30 days ago. Wait, or take it back on the web pages of JetBrains.",
)
NOT_FREE = (
    (_description("ALLOCATED"), "Somebody has this licence. Revoke it first, or choose another."),
    (_description("NON_PER_USER"), "This licence is a server's or a key, and not for people."),
    (_description("EXPIRED_WITHOUT_FALLBACK"), "This licence has expired."),
    (_code("NO_AVAILABLE_LICENSE_TO_ASSIGN"), "The team has no free licence of this product."),
    (_code("INVALID_CONTACT_EMAIL"), "JetBrains does not take this e-mail address."),
    (_code("INVALID_CONTACT_NAME"), "First and last name are both needed, and neither may hold a digit."),
)

_FOUND = frozenset({200})


def _licence_shows(licence: str, *shows: tuple[Look, Verified]) -> ReadBack:
    return ReadBack(f"/customer/licenses/{{{{ {licence} }}}}", (*shows, (NO_LICENCE, Verified.GONE)))


_LICENCE_INPUT = Input("license_id", "License ID", required=True, help="The licence, as JetBrains License Id shows it.")

PRESETS = (
    Preset(
        key="jetbrains_licenses_of_user",
        title="JetBrains Get all Licenses for a User by Email",
        method="GET",
        path="/customer/licenses",
        params={"assigneeEmail": "{{ email }}", "page": "1", "perPage": "100"},
        needs=("email",),
        inputs=(
            Input(
                "map_licenses_to_field",
                "Map Licenses to Field name",
                required=True,
                help="The External ID of the field that takes the licence ids.",
            ),
        ),
        danger=Danger.READS,
        success=Look(frozenset({200})),
        gathers=("map_licenses_to_field", "licenseId"),
        help="Finds every licence of the address, maybe none.",
    ),
    Preset(
        key="jetbrains_revoke_license",
        title="JetBrains Account Revoke License",
        method="POST",
        # The values stand in the query: a body would be ignored.
        path="/customer/licenses/revoke",
        params={"email": "{{ email }}"},
        needs=("email",),
        danger=Danger.DESTROYS,
        success=Look(frozenset({200})),
        explains=(TOO_EARLY, *NOT_ALLOWED),
        already_gone=NO_LICENCE,
        no_effect=(Look(_FOUND, path="licenseIds", is_empty=True), "There was no licence to take back."),
        inverse="jetbrains_assign_license",
        help="Takes all of the person's licences away, or none: JetBrains refuses while one of them was given out "
        "less than 30 days ago. An empty list in the answer means that there was none to take.",
    ),
    Preset(
        key="jetbrains_revoke_one_license",
        title="JetBrains Revoke one License",
        method="POST",
        path="/customer/licenses/revoke",
        params={"licenseId": "{{ jet_brains_license_id }}"},
        needs=("jet_brains_license_id",),
        danger=Danger.DESTROYS,
        success=Look(frozenset({200})),
        explains=(TOO_EARLY, *NOT_ALLOWED),
        already_gone=NO_LICENCE,
        no_effect=(Look(_FOUND, path="licenseIds", is_empty=True), "Nobody had this licence."),
        read_back=_licence_shows(
            "jet_brains_license_id",
            (Look(_FOUND, path="isAvailableToAssign", value=True), Verified.GONE),
            (Look(_FOUND, path="assignee.type", value="USER"), Verified.STILL_ACTIVE),
        ),
        inverse="jetbrains_assign_license",
        help="Takes the licence in JetBrains License Id, and leaves the person the others.",
    ),
    Preset(
        key="jetbrains_assign_license",
        title="JetBrains Account Assign License to User",
        method="POST",
        path="/customer/licenses/assign",
        needs=("email", "first_name", "last_name"),
        inputs=(
            _LICENCE_INPUT,
            Input(
                "license_team_id", "Team ID", required=True, help="A number.", pattern=r"([0-9]{1,18})", is_number=True
            ),
            Input("product_code", "Product Code", required=True, help="For example II or WS."),
        ),
        # With a licence's id JetBrains looks at neither team nor product, however wrong they are.
        body={
            "contact": {
                "email": "{{ email }}",
                "firstName": "{{ first_name }}",
                "lastName": "{{ last_name }}",
            },
            "includeOfflineActivationCode": False,
            "sendEmail": False,
            "licenseId": "{{ license_id }}",
            "license": {"productCode": "{{ product_code }}", "team": "{{ license_team_id }}"},
        },
        danger=Danger.CHANGES,
        success=Look(frozenset({200})),
        explains=(*NOT_FREE, *NOT_ALLOWED),
        precheck=Precheck(
            "/customer/licenses/{{ license_id }}",
            (
                ("isAvailableToAssign", True, "This licence is not free, or is none for people."),
                ("product.code", "{{ product_code }}", "This licence is for the product {found}."),
                ("team.id", "{{ license_team_id }}", "This licence is of the team {found}."),
            ),
        ),
        read_back=_licence_shows(
            "license_id",
            (Look(_FOUND, path="assignee.email", begins="{{ email }}"), Verified.CONFIRMED),
            (Look(_FOUND, path="licenseId", value="{{ license_id }}"), Verified.NOT_CONFIRMED),
        ),
        inverse="jetbrains_revoke_license",
        help="The answer is empty: read the licence afterwards to see whose it is. "
        "For 30 days it cannot be taken back through the API.",
    ),
    Preset(
        key="jetbrains_change_team",
        title="JetBrains Change Team of License",
        method="POST",
        path="/customer/changeLicensesTeam",
        inputs=(
            _LICENCE_INPUT,
            Input(
                "target_team_id",
                "Target Team ID",
                required=True,
                help="A number.",
                pattern=r"([0-9]{1,18})",
                is_number=True,
            ),
        ),
        body={"licenseIds": ["{{ license_id }}"], "targetTeamId": "{{ target_team_id }}"},
        danger=Danger.CHANGES,
        success=Look(frozenset({200})),
        explains=NOT_ALLOWED,
        read_back=_licence_shows(
            "license_id",
            (Look(_FOUND, path="team.id", value="{{ target_team_id }}"), Verified.CONFIRMED),
            (Look(_FOUND, path="licenseId", value="{{ license_id }}"), Verified.NOT_CONFIRMED),
        ),
        help="A licence that JetBrains does not know or will not move is left out of the answer without a word.",
    ),
    Preset(
        key="jetbrains_get_license",
        title="JetBrains Get License",
        method="GET",
        path="/customer/licenses/{{ license_id }}",
        inputs=(_LICENCE_INPUT,),
        danger=Danger.READS,
        success=Look(frozenset({200})),
        already_gone=NO_LICENCE,
    ),
    Preset(
        key="jetbrains_saas_user_role",
        title="JetBrains Subscription License SaaS User Role",
        method="GET",
        path="/customer/licenses",
        params={"assigneeEmail": "{{ saas_user_id }}", "page": "1", "perPage": "100"},
        needs=("saas_user_id",),
        inputs=(
            Input(
                "deactivate_user",
                "Deactivate User",
                default="true",
                help="Deactivate the SaaS user here when no licence carries the address any more.",
            ),
        ),
        danger=Danger.READS,
        success=Look(frozenset({200})),
        help="Reads the products as the role, “Expired Subscription” for outdated ones, and the last use.",
    ),
)
