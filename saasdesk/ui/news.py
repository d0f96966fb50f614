"""What the end of a job means to whoever shows something."""

from saasdesk.jobs import Ended, Message

# What a job is about begins with one of these, if it may have written records.
_WRITES_RECORDS = ("integration:", "demo", "plan", "undo", "workflow", "records")


def may_have_changed_records(message: Message) -> bool:
    """Whether lists, records and figures had better be read again."""
    return isinstance(message, Ended) and message.job.about.startswith(_WRITES_RECORDS)
