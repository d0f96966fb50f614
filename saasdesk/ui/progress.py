"""What a running job says, as a phrase for the status bar."""

from saasdesk.sync.events import PagesRead, PhaseBegan
from saasdesk.ui.status_bar import Progress
from saasdesk.web import Waiting


def describe_news(news: object) -> Progress | None:
    """The phrase for a piece of news, with the share that is done where a total is known; None says nothing new."""
    match news:
        case PhaseBegan(text=text):
            return Progress(text)
        case PagesRead(page=page, about_pages=None, read=read):
            return Progress(f"page {page} · {read:,} read")
        case PagesRead(page=page, about_pages=int(pages), read=read, expected=expected):
            share = read / expected if expected else None
            return Progress(f"page {page} of ~{pages}", None if share is None else min(share, 1.0))
        case Waiting(host=host, seconds=seconds):
            return Progress(f"{host} asks to wait {seconds:.0f} s")
        case _:
            return None
