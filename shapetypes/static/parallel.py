"""Files judged by several processes, with results in the order of the files.

The processes are started afresh and talk through pipes of their own: when the parent is killed they see the end of
theirs and leave. An interrupt from the keyboard is the parent's business alone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

Judge = Callable[[str], Any]


def judged(files: Sequence[str], jobs: int, make: Callable[..., Judge], *args: Any) -> Iterator[tuple[str, Any]]:
    """Judge files in several processes.

    Args:
        files: The files.
        jobs: How many processes.
        make: Makes the function that judges one file, in each process; importable by its name.
        args: Passed to `make`.

    Yields:
        Each file with its result, in the order of `files`. `Lost` stands for a result when its process died.

    Raises:
        WorkerError: the function raised.
    """
    groups = _groups(files, jobs)
    workers = [_Worker(make, args) for _ in range(min(jobs, len(groups)))]
    results: dict[str, Any] = {}
    try:
        for worker in workers:
            worker.give(groups)
        told = 0
        while told < len(files):
            busy = {w.pipe: w for w in workers if w.left}
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                results.update(worker.take())
                if not worker.left:
                    worker.give(groups)
            while told < len(files) and files[told] in results:
                yield files[told], results.pop(files[told])
                told += 1
    finally:
        for worker in workers:
            worker.stop()


class WorkerError(Exception):
    """A process could not go on; the message is its traceback."""


class Lost:
    """No result: the process that was at work on the file died."""


def _groups(files: Sequence[str], jobs: int) -> list[list[str]]:
    """Files that are judged by one process one after the other: neighbours import the same modules."""
    size = max(1, min(16, len(files) // (4 * jobs)))
    return [list(files[i : i + size]) for i in range(0, len(files), size)][::-1]


class _Worker:
    """One process, as its parent sees it."""

    def __init__(self, make: Callable[..., Judge], args: tuple[Any, ...]) -> None:
        self._make, self._args = make, args
        self.left: list[str] = []
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._make, self._args), daemon=True)
        with _deaf_to_interrupts():
            self._process.start()
        theirs.close()

    def give(self, groups: list[list[str]]) -> None:
        """Hand out the next group, if there is one left."""
        if groups:
            self._send(groups.pop())

    def _send(self, files: list[str]) -> None:
        self.left = files
        if files:
            self.pipe.send(files)

    def take(self) -> dict[str, Any]:
        """The next result; if the process is gone, its file is lost, and another process goes on after it."""
        try:
            kind, file, value = self.pipe.recv()
        except (EOFError, OSError):
            self.stop()
            lost, rest = self.left[0], self.left[1:]
            self._start()
            self._send(rest)
            return {lost: Lost()}
        if kind == "error":
            raise WorkerError(value)
        self.left.remove(file)
        return {file: value}

    def stop(self) -> None:
        self.pipe.close()
        self._process.terminate()
        self._process.join()


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started here never see an interrupt, not even while their interpreter starts; here it comes after."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: they ignore it once they are at work
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # `start` would do it, and unblock interrupts thereby
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, make: Callable[..., Judge], args: tuple[Any, ...]) -> None:
    """What a process does until its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    file = ""
    try:
        judge = make(*args)
        while True:
            for file in pipe.recv():
                pipe.send(("result", file, judge(file)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception:  # noqa: BLE001  told by the parent
        pipe.send(("error", file, traceback.format_exc()))
