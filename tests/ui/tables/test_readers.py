import threading

from PySide6.QtWidgets import QApplication

from saasdesk.ui.tables import TableReaders


def test_that_nothing_is_read_any_more_after_the_end(qapp: QApplication) -> None:
    readers = TableReaders()
    asked = threading.Event()
    readers.close()

    readers.start(lambda _tell, _stop: asked.set(), "late")

    assert not asked.wait(0.2)
    assert not readers.is_reading
