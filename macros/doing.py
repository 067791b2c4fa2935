"""Which command is under way, for whoever writes down what was done."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND: ContextVar[str] = ContextVar("command", default="")


@contextmanager
def doing(command: str) -> Iterator[None]:
    """Within the block everything is done by this command, given by its id."""
    token = _COMMAND.set(command)
    try:
        yield
    finally:
        _COMMAND.reset(token)


def command() -> str:
    """The id of the command under way; empty where none is."""
    return _COMMAND.get()
