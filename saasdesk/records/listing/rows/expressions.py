"""How SQL answers for the columns that no field is: what is counted, and what stands in other tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from saasdesk.fields import FieldType, ObjectKind

_STATE = "CASE WHEN r.archived THEN 'archived' WHEN r.deactivated THEN 'deactivated' ELSE 'active' END"
_OWNER = "(SELECT i.name FROM integration i WHERE i.id = r.owner_integration)"
APPLICATION = "(SELECT a.name FROM saas_application a WHERE a.id = r.saas_application)"


@dataclass(frozen=True, slots=True)
class Expression:
    """How SQL answers for one column: what is shown, what is sorted by, what rules compare."""

    shown: str
    type: FieldType
    sorted_by: str | None = None
    compared: str | None = None
    # The kept, folded copy of a unique field has an index that leaves out empty values.
    key_column: str | None = None
    # So has the kept copy of a name, in the order in which readers would look for it.
    order_column: str | None = None
    # What rules compare folded texts with, where SQL has it without an index.
    folded: str | None = None

    @property
    def walked(self) -> str | None:
        """The column whose index SQL may walk along, where there is one."""
        return self.order_column or self.key_column


EVERY_RECORD = {
    "record_state": Expression(_STATE, FieldType.SHORT_TEXT),
    "fed_by": Expression(_OWNER, FieldType.SHORT_TEXT),
    "created_by": Expression("r.created_by", FieldType.SHORT_TEXT),
    "created_at": Expression("r.created_at", FieldType.DATETIME),
    "updated_at": Expression("r.updated_at", FieldType.DATETIME),
    "deactivated": Expression("r.deactivated", FieldType.FLAG),
    "deactivated_at": Expression("r.deactivated_at", FieldType.DATETIME),
    "deactivated_reason": Expression("r.deactivated_reason", FieldType.SHORT_TEXT),
    "archived": Expression("r.archived", FieldType.FLAG),
}

ACCOUNTS = Expression(
    shown="""(
        SELECT group_concat(
            a.name || char(31) || (u.deactivated OR u.archived) || char(31) || coalesce(u.status, ''), char(30))
        FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
        WHERE u.person = r.id
    )""",
    type=FieldType.LIST,
    sorted_by="(SELECT count(*) FROM saas_user u WHERE u.person = r.id AND u.deactivated = 0)",
    compared="""(
        SELECT group_concat(a.name, ', ')
        FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
        WHERE u.person = r.id AND u.deactivated = 0 AND u.archived = 0
    )""",
)

COMPUTED: Mapping[ObjectKind, Mapping[str, Expression]] = {
    ObjectKind.PEOPLE: {
        "accounts": ACCOUNTS,
        "last_activity": Expression(
            "(SELECT max(u.last_activity) FROM saas_user u WHERE u.person = r.id)", FieldType.DATETIME
        ),
        "active_accounts": Expression(
            """(
                SELECT count(*) FROM saas_user u WHERE u.person = r.id AND u.deactivated = 0 AND u.archived = 0
            )""",
            FieldType.NUMBER,
        ),
        # An account that is suspended opens nothing, though its vendor still lists it.
        "working_accounts": Expression(
            """(
                SELECT count(*) FROM saas_user u
                WHERE u.person = r.id AND u.deactivated = 0 AND u.archived = 0
                  AND (u.status IS NULL OR u.status < 'suspended' OR u.status >= 'suspendee')
            )""",
            FieldType.NUMBER,
        ),
        "suspended_in": Expression(
            """(
                SELECT group_concat(a.name, ', ')
                FROM saas_user u JOIN saas_application a ON a.id = u.saas_application
                WHERE u.person = r.id AND u.status >= 'suspended' AND u.status < 'suspendee'
            )""",
            FieldType.SHORT_TEXT,
        ),
        "active_licences": Expression(
            """(
                SELECT count(*) FROM saas_user u JOIN licence l ON l.saas_user = u.id
                WHERE u.person = r.id AND l.deactivated = 0 AND l.archived = 0
            )""",
            FieldType.NUMBER,
        ),
        # From the index alone, and the names from memory: a join for each of a million people takes twice the time.
        "fed_by": Expression(
            """feeder_names((
                SELECT group_concat(l.integration) FROM source_link l WHERE l.person = r.id AND l.gone <> 1
            ))""",
            FieldType.LIST,
        ),
    },
    ObjectKind.SAAS_USERS: {
        "saas_application": Expression(APPLICATION, FieldType.SHORT_TEXT),
        "person": Expression("(SELECT p.username FROM person p WHERE p.id = r.person)", FieldType.SHORT_TEXT),
    },
    ObjectKind.LICENCES: {
        "saas_application": Expression(APPLICATION, FieldType.SHORT_TEXT),
        "saas_user_id": Expression(
            "(SELECT u.saas_user_id FROM saas_user u WHERE u.id = r.saas_user)", FieldType.SHORT_TEXT
        ),
        "assigned_to": Expression(
            """coalesce((
                SELECT coalesce(p.username, u.email, u.name, u.saas_user_id)
                FROM saas_user u LEFT JOIN person p ON p.id = u.person
                WHERE u.id = r.saas_user
            ), nullif(r.held_by, 'unassigned'))""",
            FieldType.SHORT_TEXT,
        ),
    },
    ObjectKind.ASSETS: {
        "person": Expression("(SELECT p.username FROM person p WHERE p.id = r.person)", FieldType.SHORT_TEXT),
    },
    ObjectKind.SAAS_APPLICATIONS: {
        "active_users": Expression(
            "(SELECT count(*) FROM saas_user u WHERE u.saas_application = r.id AND u.deactivated = 0)", FieldType.NUMBER
        ),
        "all_users": Expression("(SELECT count(*) FROM saas_user u WHERE u.saas_application = r.id)", FieldType.NUMBER),
        "licences": Expression(
            "(SELECT count(*) FROM licence l WHERE l.saas_application = r.id AND l.deactivated = 0)", FieldType.NUMBER
        ),
        "free_licences": Expression(
            """(
                SELECT count(*) FROM licence l
                WHERE l.saas_application = r.id AND l.deactivated = 0 AND l.saas_user IS NULL
                  AND coalesce(l.held_by, 'unassigned') = 'unassigned'
            )""",
            FieldType.NUMBER,
        ),
        "last_activity": Expression(
            "(SELECT max(u.last_activity) FROM saas_user u WHERE u.saas_application = r.id)", FieldType.DATETIME
        ),
        "fed_by": Expression(
            """(
                SELECT group_concat(i.name, ', ') FROM integration i
                WHERE i.id = r.owner_integration OR EXISTS (
                    SELECT 1 FROM saas_user u WHERE u.owner_integration = i.id AND u.saas_application = r.id)
            )""",
            FieldType.LIST,
        ),
    },
}
