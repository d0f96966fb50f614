"""Tables for everyday queries. They know no database: a query is run with `.execute(db)`.

Tables of records have no model: their columns are the fields that the admin made. Nor have those that a run fills with
thousands of rows at a time: they are read and written in SQL.
"""

from peewee import BooleanField, CompositeKey, IntegerField, Model, TextField


class Setting(Model):
    """One setting, as JSON."""

    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "setting"
        without_rowid = True


class Variable(Model):
    """A global variable."""

    key = TextField(primary_key=True)
    value = TextField()
    secret = TextField(null=True)

    class Meta:
        table_name = "variable"
        without_rowid = True


class Credential(Model):
    """What is known of a key besides the key."""

    uuid = TextField(primary_key=True)
    name = TextField()
    connector = TextField()
    kind = TextField(default="admin")
    permission = TextField(default="read")
    sign_in = TextField(null=True)
    inputs = TextField(default="{}")
    base_url = TextField(null=True)
    hosts = TextField(default="[]")
    expires = TextField(null=True)
    created_at = TextField()
    last_tested_at = TextField(null=True)
    last_used_at = TextField(null=True)
    state = TextField(default="ready")
    owner = TextField(default="")
    notes = TextField(default="")
    last_test = TextField(null=True)

    class Meta:
        table_name = "credential"


class Integration(Model):
    """An integration: its document and what is known of its life."""

    name = TextField()
    document = TextField()
    version = IntegerField(default=1)
    state = TextField(default="draft")
    created_at = TextField()
    updated_at = TextField()
    launched_at = TextField(null=True)
    mapping_signature = TextField(null=True)
    scope_signature = TextField(null=True)
    tenant = TextField(null=True)

    class Meta:
        table_name = "integration"


class FieldDefinition(Model):
    """A field of a kind of record; its values are a column of that record's table."""

    object = TextField()
    external_id = TextField()
    label = TextField()
    type = TextField()
    is_unique = BooleanField(default=False)
    mandatory = BooleanField(default=False)
    options = TextField(null=True)
    default_value = TextField(null=True)
    help = TextField(default="")
    history = BooleanField(default=True)
    builtin = BooleanField(default=False)
    position = IntegerField()
    editable = BooleanField(default=True)
    custom_object = TextField(null=True)

    class Meta:
        table_name = "field"


class CustomObject(Model):
    """A list of objects that an admin keeps: locations, cost centres; fields look their values up in it."""

    external_id = TextField(unique=True)
    label = TextField()
    only_these = BooleanField(default=False)

    class Meta:
        table_name = "custom_object"


class CustomObjectItem(Model):
    """One object on such a list: its name, and what else it is called."""

    custom_object = TextField()
    name = TextField()
    also = TextField(default="[]")
    note = TextField(default="")

    class Meta:
        table_name = "custom_object_item"


class SyncSession(Model):
    """One run of one integration."""

    integration = IntegerField(null=True)
    integration_name = TextField()
    kind = TextField(default="run")
    started_by = TextField()
    status = TextField()
    phase = TextField(default="")
    started_at = TextField()
    finished_at = TextField(null=True)
    counts = TextField(default="{}")
    evidence = TextField(default="{}")
    message = TextField(default="")
    exit_code = IntegerField(null=True)
    changes_hash = TextField(null=True)
    undone_at = TextField(null=True)

    class Meta:
        table_name = "sync_session"


class SessionError(Model):
    """A record that a run could not handle, and why."""

    session = IntegerField()
    vendor_id = TextField(null=True)
    record = TextField()
    cause = TextField()
    message = TextField()
    accepted = BooleanField(default=False)
    sent = TextField(null=True)

    class Meta:
        table_name = "session_error"


class AcceptedConflict(Model):
    """A conflict that the admin knows and does not want counted."""

    integration = IntegerField()
    vendor_id = TextField()
    message = TextField()
    note = TextField()
    accepted_at = TextField()
    accepted_by = TextField()

    class Meta:
        table_name = "accepted_conflict"
        primary_key = CompositeKey("integration", "vendor_id")
        without_rowid = True


class Plan(Model):
    """What a run would change: a preview, or deactivations that wait for a person."""

    session = IntegerField()
    integration = IntegerField(null=True)
    kind = TextField()
    state = TextField()
    reason = TextField(default="")
    list_hash = TextField(default="")
    deactivations = IntegerField(default=0)
    created_at = TextField()
    first_held_at = TextField(null=True)
    decided_at = TextField(null=True)
    decided_by = TextField(null=True)
    counts = TextField(default="{}")

    class Meta:
        table_name = "plan"


class Slot(Model):
    """A moment at which something was due and was begun; no slot is taken twice, but for one that a crash gave back."""

    kind = TextField()
    subject = IntegerField()
    slot_key = TextField()
    taken_at = TextField()
    tries = IntegerField(default=1)
    # A crash cut off what was begun: it may be taken once more.
    is_free = IntegerField(default=0)

    class Meta:
        table_name = "slot"
        primary_key = CompositeKey("kind", "subject", "slot_key")
        without_rowid = True


class Notice(Model):
    """Something that the admin should know; the same cause is counted, not repeated."""

    cause = TextField()
    kind = TextField()
    title = TextField()
    body = TextField()
    link = TextField(default="")
    count = IntegerField(default=1)
    first_at = TextField()
    last_at = TextField()
    read_at = TextField(null=True)
    solved_at = TextField(null=True)
    mailed_at = TextField(null=True)

    class Meta:
        table_name = "notice"


class Audit(Model):
    """Who did what; rows are added by `audit.record` alone."""

    at = TextField()
    who = TextField()
    action = TextField()
    subject = TextField()
    detail = TextField()
    previous = TextField()
    hash = TextField()

    class Meta:
        table_name = "audit"
