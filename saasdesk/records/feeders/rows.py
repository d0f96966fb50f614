"""SQL about feeders; `value_owner` knows who wrote a value, where it is not the record's own integration."""

from collections.abc import Sequence

from saasdesk.store import Connection

# (field, integration) for every line of every mapping that fills a field of people.
MAPPED_PEOPLE_FIELDS = """
    SELECT DISTINCT json_extract(m.value, '$.target') AS field, i.id AS integration
    FROM {schema}integration i, json_each(i.document, '$.map') m
    WHERE coalesce(json_extract(m.value, '$.object'), 'people') = 'people'
"""


def feeders_of(db: Connection, field: str) -> list[tuple[int, str, str, int]]:
    """(integration, name, policy, whether its place was chosen), first feeder first."""
    return [
        tuple(row)
        for row in db.execute_sql(
            """
            SELECT i.id, i.name, coalesce(json_extract(m.value, '$.policy'), 'always'), o.position IS NOT NULL
            FROM integration i, json_each(i.document, '$.map') m
            LEFT JOIN feeder_order o ON o.field = ?1 AND o.integration = i.id
            WHERE json_extract(m.value, '$.target') = ?1
              AND coalesce(json_extract(m.value, '$.object'), 'people') = 'people'
            ORDER BY o.position NULLS LAST, i.id
            """,
            (field,),
        )
    ]


def replace_order(db: Connection, field: str, integrations: Sequence[int]) -> None:
    """Keep a new order of a field's feeders."""
    db.execute_sql("DELETE FROM feeder_order WHERE field = ?", (field,))
    for position, integration in enumerate(integrations):
        db.execute_sql("INSERT INTO feeder_order VALUES (?, ?, ?)", (field, integration, position))


def look_at_everything(db: Connection, integrations: Sequence[int]) -> None:
    """Let the next run take every record, not only those that changed.

    No mapping has such a mark, and no two are the same: a run that is going on can tell that it was set meanwhile.
    """
    for integration in integrations:
        db.execute_sql(
            "UPDATE integration SET mapping_signature = 'look again ' || hex(randomblob(8)) WHERE id = ?",
            (integration,),
        )


def forget_feeder(db: Connection, integration: int) -> None:
    """Values of an integration that goes stay, and belong to nobody: the next to know better may write them."""
    db.execute_sql("UPDATE value_owner SET integration = -1 WHERE integration = ?", (integration,))
