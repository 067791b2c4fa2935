"""Lets any `concurrent.futures.Executor` do a batch's work, in order and with few items under way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

A = TypeVar("A")
L = TypeVar("L")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does the work: this process where there is no executor.

    ``many`` is how many work at once. ``apart`` workers cannot see our disk: they are sent templates and send papers
    back. ``near`` ones were forked from this process and hold what it held then.
    """

    executor: Executor | None = None
    many: int = 1
    apart: bool = False
    near: bool = False


#: This process alone.
ALONE = Hands()


class Line(Generic[A, R]):
    """Work handed out in order, each result taken in the same order."""

    def __init__(self, hands: Hands, function: Callable[[A], R]) -> None:
        self._hands, self._function = hands, function
        self._under_way: deque[tuple[Any, Future[R]]] = deque()

    def results(self, tasks: Iterable[tuple[L, A]]) -> Iterator[tuple[L, R]]:
        """The label of each task with the result of its work.

        Leaving the loop early hands out no more; `rest` then gives what was under way.
        """
        executor = self._hands.executor
        if executor is None:
            for label, task in tasks:
                yield label, self._function(task)
            return
        for label, task in tasks:
            self._under_way.append((label, executor.submit(self._function, task)))
            if len(self._under_way) > 2 * self._hands.many:
                yield self._first()
        while self._under_way:
            yield self._first()

    def rest(self) -> Iterator[tuple[Any, R]]:
        """What had begun when the loop was left; what had not begun is taken back."""
        # From the end: what is taken back must not begin while others are asked.
        begun = [(label, future) for label, future in reversed(self._under_way) if not future.cancel()]
        self._under_way.clear()
        for label, future in reversed(begun):
            yield label, future.result()

    def _first(self) -> tuple[Any, R]:
        label, future = self._under_way[0]
        result = future.result()
        self._under_way.popleft()
        return label, result
