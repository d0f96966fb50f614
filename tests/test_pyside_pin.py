"""A PySide6 that loses references to None and True ends the program after some hundred signals."""

import subprocess
import sys

EMIT = """
import sys
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    nothing = Signal()
    something = Signal(object)

sender = Sender()
heard = []
sender.nothing.connect(lambda: None)
sender.something.connect(lambda value: heard.append(value) or heard.clear())
before = sys.getrefcount(None), sys.getrefcount(True)
for _ in range(50_000):
    sender.nothing.emit()
    sender.something.emit(True)
after = sys.getrefcount(None), sys.getrefcount(True)
print(before[0] - after[0], before[1] - after[1])
"""


def test_that_100_000_signals_lose_no_reference_to_none_or_true() -> None:
    done = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
    lost_none, lost_true = map(int, done.stdout.split())
    assert (max(0, lost_none), max(0, lost_true)) <= (100, 100), "each emit drops a reference"
