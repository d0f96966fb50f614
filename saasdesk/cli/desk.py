"""What a command gets to work with: a terminal, and the services when it asks for them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from saasdesk.cli.terminal import Terminal
from saasdesk.jobs import Jobs
from saasdesk.services import Services
from saasdesk.store.health import Finding

if TYPE_CHECKING:
    # Most commands draw nothing, and list no records either.
    from saasdesk.reports.pdf_export import DrawPdf


class HandOver(Exception):
    """An open window holds the profile: the whole command goes there instead."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One command's surroundings.

    `writing` opens the profile for a command that may change something and raises HandOver when an open window has
    it; `reading` works beside an open window. What takes its time is a job among `jobs`: beside an open window those
    are the window's, which shows them. The others concern the program as a whole: fonts to draw
    a PDF with, for example, are the window's affair.
    """

    terminal: Terminal
    writing: Callable[[], AbstractContextManager[Services]]
    reading: Callable[[], AbstractContextManager[Services]]
    jobs: Jobs
    restore: Callable[[Path], Path | None]
    start_demo: Callable[[int, bool], int]
    examine: Callable[[], list[Finding]]
    draw_pdf: "DrawPdf"
