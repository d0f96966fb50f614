"""Records made and changed by a person's hand, under the same rules as those that come from a vendor."""

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
    "FieldProblems",
    "FormRecord",
    "add_record",
    "edit_record",
    "editable_fields",
    "empty_form",
    "form_of",
    "set_archived",
    "take_back",
]
