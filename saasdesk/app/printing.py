"""Drawing PDF files, with or without a window."""

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from saasdesk.errors import UserError
from saasdesk.jobs import Tell

if TYPE_CHECKING:
    from saasdesk.reports.pdf_export import PdfReport


def draw_pdf(file: Path, report: "PdfReport", tell: Tell, stop: threading.Event) -> int:
    """Draw a report into a file. Fonts need the window's libraries, not a window: a shell has them without a screen."""
    try:
        from PySide6.QtGui import QGuiApplication

        from saasdesk.ui.report_pdf import draw_report
    except ImportError as error:
        raise UserError(
            f"PDF files are drawn with the libraries of the window, and one is missing here ({error}). "
            "Choose XLSX or CSV, or install it: `saasdesk doctor` says which."
        ) from error
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication(["saasdesk"]))
    return draw_report(file, report, tell, stop)


# As long as the process lives: fonts go with it.
_kept: list[object] = []
