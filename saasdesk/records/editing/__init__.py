"""Records made and changed by a person's hand, under the same rules as those that come from a vendor."""

from saasdesk.records.editing.bulk import BulkLine, BulkPlan, apply_bulk, fields_for_many, plan_bulk, take_back_bulk
from saasdesk.records.editing.editing import (
    EDITED_KINDS,
    FieldProblems,
    FormRecord,
    add_record,
    edit_record,
    editable_fields,
    empty_form,
    form_of,
    set_archived,
    take_back,
)

__all__ = [
    "EDITED_KINDS",
    "BulkLine",
    "BulkPlan",
    "FieldProblems",
    "FormRecord",
    "add_record",
    "apply_bulk",
    "edit_record",
    "editable_fields",
    "empty_form",
    "fields_for_many",
    "form_of",
    "plan_bulk",
    "set_archived",
    "take_back",
    "take_back_bulk",
]
