"""The threads in which tables read, and the one way by which what they read comes to the window."""

from PySide6.QtCore import QObject, Signal

from saasdesk.jobs import Job, Jobs, Work


class TableReaders(QObject):
    """Reads for every table of the window; made once at start and kept until the end.

    A table reads many small pieces: these are no jobs that an admin would want to see in the status bar.
    """

    answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self.answered.emit)
        self._is_closed = False

    def start(self, work: Work, name: str) -> Job:
        """Begin to read in a thread; the answer comes as `answered`, with this job."""
        if self._is_closed:
            # An answer that was on its way may ask for more, and nobody is there any more to see it.
            return Job(0, name)
        return self._jobs.start(work, name)

    def stop(self, job: Job) -> None:
        """Nobody waits for this answer any more."""
        self._jobs.stop(job)

    @property
    def is_reading(self) -> bool:
        """Whether any answer is still to come."""
        return bool(self._jobs.running())

    def close(self) -> None:
        """Stop all reading, wait until it has ended and begin no other; call it before the store is closed."""
        self._is_closed = True
        self._jobs.stop_all()
