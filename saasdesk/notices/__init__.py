"""What the admin is told without asking: in the window, on the desktop, by mail."""

from saasdesk.notices.notice import News, Notice, NoticeKind
from saasdesk.notices.notices import (
    list_notices,
    mark_read,
    mark_unread,
    open_causes,
    settle,
    tell,
    unread_count,
)

__all__ = [
    "News",
    "Notice",
    "NoticeKind",
    "list_notices",
    "mark_read",
    "mark_unread",
    "open_causes",
    "settle",
    "tell",
    "unread_count",
]
