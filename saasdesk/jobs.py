"""Slow work in plain threads: everything it says goes to one listener, and it can be asked to stop."""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

Tell = Callable[[object], None]
Work = Callable[[Tell, threading.Event], object]


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of slow work; `about` names the thing it works on, so that it is not started twice."""

    number: int
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A job reports on the way."""

    job: Job
    news: object


@dataclass(frozen=True, slots=True)
class Ended:
    """A job is over: either it has a result, or an error says why not."""

    job: Job
    result: object = None
    error: BaseException | None = None


Message = Said | Ended


@dataclass(slots=True)
class _Running:
    job: Job
    stop: threading.Event
    thread: threading.Thread | None = field(default=None)


class Jobs:
    """Starts work in threads and hands on what it says; knows nothing else of saasdesk.

    The listener is called in the worker's thread: a window brings it over to its own (`ui.bridge`).
    """

    def __init__(self, listener: Callable[[Message], None]) -> None:
        self._listener = listener
        self._numbers = itertools.count(1)
        self._running: dict[int, _Running] = {}
        # Through with their work, and about to say so: whoever closes the listener waits for them too.
        self._telling: dict[int, _Running] = {}
        self._lock = threading.Lock()

    def start(self, work: Work, name: str, about: str = "") -> Job:
        """Begin `work(tell, stop)` in a thread of its own and return at once."""
        job = Job(next(self._numbers), name, about)
        running = _Running(job, threading.Event())
        running.thread = threading.Thread(target=self._carry_out, args=(running, work), name=f"job-{name}", daemon=True)
        with self._lock:
            self._running[job.number] = running
        running.thread.start()
        return job

    def running(self) -> tuple[Job, ...]:
        """The jobs that have not ended yet, oldest first."""
        with self._lock:
            return tuple(running.job for running in self._running.values())

    def find(self, about: str) -> Job | None:
        """The running job that works on this thing, if there is one."""
        return next((job for job in self.running() if job.about == about), None)

    def stop(self, job: Job) -> None:
        """Ask a job to stop; it ends soon, with what it kept."""
        with self._lock:
            running = self._running.get(job.number)
        if running is not None:
            running.stop.set()

    def stop_all(self, timeout_seconds: float = 2.0) -> tuple[Job, ...]:
        """Ask every job to stop, wait a little, and return those that have not."""
        with self._lock:
            everything = [*self._running.values(), *self._telling.values()]
        for running in everything:
            running.stop.set()
        for running in everything:
            if running.thread is not None and running.thread is not threading.current_thread():
                running.thread.join(timeout_seconds)
        return self.running()

    def _carry_out(self, running: _Running, work: Work) -> None:
        job = running.job
        began = time.monotonic()
        try:
            result = work(lambda news: self._listener(Said(job, news)), running.stop)
            ended = Ended(job, result)
        except BaseException as error:  # noqa: BLE001 - the one place where a job's failure becomes a message
            ended = Ended(job, error=error)
        log.debug("%s: %.2f s, %s", job.name, time.monotonic() - began, "failed" if ended.error else "done")
        with self._lock:
            self._running.pop(job.number, None)
            self._telling[job.number] = running
        try:
            self._listener(ended)
        finally:
            with self._lock:
                self._telling.pop(job.number, None)
