"""Tells whoever listens how far long work has come, and ends it between two items when they have had enough."""

from __future__ import annotations

import time
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

T = TypeVar("T")

#: A listener is told at most so often in any second: showing costs more than counting.
OFTEN = 5
_MINUTE, _HOUR = 60, 3600
#: Items, and seconds, after which a speed means something.
_FEW, _SOON = 2, 0.5


class Cancelled(Exception):
    """The user ended the work before its next item: ``done`` items are finished, ``left`` were not begun."""

    def __init__(self, done: int, left: int) -> None:
        super().__init__(f"已取消：做完 {done}，未做 {left}")
        self.done, self.left = done, left


class Pace(NamedTuple):
    """How far work has come: ``done`` of ``total`` items in ``seconds``, and ``doing`` is in work now.

    ``outer`` is the work this one is a step of.
    """

    doing: str
    done: int
    total: int
    unit: str
    seconds: float
    outer: Pace | None = None

    @property
    def rate(self) -> float:
        """Items per second; 0 while there is too little to tell."""
        return self.done / self.seconds if self.done >= _FEW and self.seconds >= _SOON else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds until the last item is done at this rate; None while there is too little to tell."""
        return (self.total - self.done) / self.rate if self.rate else None

    @property
    def fraction(self) -> float:
        """The finished part of the whole, from 0 to 1; the work this is a step of is the whole."""
        own = min(self.done / self.total, 1.0) if self.total else 0.0
        return min((self.outer.done + own) / self.outer.total, 1.0) if self.outer and self.outer.total else own

    def line(self) -> str:
        """``12/70 份 · 每秒 3.1 份 · 还需约 19 秒``, as far as it is known."""
        parts = [f"第 {self.outer.done + 1}/{self.outer.total} {self.outer.unit}"] if self.outer else []
        if self.total > 1 or not self.outer:
            parts.append(f"{self.done}/{self.total} {self.unit}")
        if self.rate >= 1:
            parts.append(f"每秒 {self.rate:.1f} {self.unit}")
        elif self.rate:
            parts.append(f"每{self.unit} {1 / self.rate:.1f} 秒")
        if self.remaining:
            parts.append(f"还需约 {lasting(self.remaining)}")
        return " · ".join(parts)


def lasting(seconds: float) -> str:
    """A length of time as people say it: 19 秒, 2 分 10 秒, 1 小时 5 分."""
    whole = max(round(seconds), 1)
    if whole < _MINUTE:
        return f"{whole} 秒"
    if whole < _HOUR:
        return f"{whole // _MINUTE} 分 {whole % _MINUTE} 秒"
    return f"{whole // _HOUR} 小时 {whole % _HOUR // _MINUTE} 分"


class Listener(Protocol):
    """Is told how far the work is; ``cancelled`` is looked at between any two items."""

    @property
    def cancelled(self) -> bool:
        """Whether the work should end before its next item."""
        ...

    def __call__(self, pace: Pace) -> None:
        """Take note of how far the work is."""
        ...


@dataclass(slots=True)
class _Count:
    """One loop under way."""

    total: int
    unit: str
    doing: str = ""
    begun: int = 0
    done: int = 0
    started: float = field(default_factory=time.monotonic)


class _Watch:
    """A listener, the loops under way, the outermost first, and when the listener was told last."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.counts: list[_Count] = []
        self._told: deque[float] = deque(maxlen=OFTEN)

    def begin(self, count: _Count, doing: str) -> None:
        """The item before is done and the next one begins.

        Raises:
            Cancelled: it must not begin.
        """
        count.done, count.doing = count.begun, doing
        self.tell(now=self.listener.cancelled)
        if self.listener.cancelled:
            raise Cancelled(count.done, max(count.total - count.done, 0))
        count.begun += 1

    def tell(self, *, now: bool) -> None:
        """Tell the listener, unless it was told enough lately and it need not be ``now``."""
        at = time.monotonic()
        if not now and len(self._told) == OFTEN and at - self._told[0] < 1:
            return
        self._told.append(at)
        pace: Pace | None = None
        for count in self.counts:
            pace = Pace(count.doing, count.done, count.total, count.unit, at - count.started, pace)
        if pace:
            self.listener(pace)


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


@contextmanager
def reporting(listener: Listener) -> Iterator[None]:
    """Within this block ``listener`` is told of all work."""
    token = _watch.set(_Watch(listener))
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def steps(total: int, unit: str = "步") -> Iterator[Callable[[str], None]]:
    """Work of ``total`` items: call what this gives, with the item's name, before each begins.

    The call raises `Cancelled` when the item must not begin. Work begun within an item is told as a part of it.
    """
    watch = _watch.get()
    if watch is None:
        yield lambda doing: None
        return
    count = _Count(total, unit)
    watch.counts.append(count)
    try:
        yield lambda doing: watch.begin(count, doing)
        count.done = count.begun
        watch.tell(now=len(watch.counts) == 1)
    finally:
        watch.counts.remove(count)


def watched(
    items: Iterable[T], total: int, doing: str | Callable[[T], str], unit: str = "项",
) -> Generator[T, None, None]:
    """Iterate over ``items`` and tell of each.

    Args:
        items: what is worked on.
        total: how many there will be.
        doing: the work in words, the same for all or made of the item.
        unit: the measure word of the items.

    Raises:
        Cancelled: from the loop, before the item that is no longer wanted.
    """
    with steps(total, unit) as begin:
        for item in items:
            begin(doing if isinstance(doing, str) else doing(item))
            yield item


def counting() -> bool:
    """Whether work is under way that its listener can end between two items."""
    watch = _watch.get()
    return bool(watch and watch.counts)
