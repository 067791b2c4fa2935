"""Makes planned papers: a pure function of a template and values that any process, or any machine, can run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator import template
from generator.files import holds, put_new
from macros.findings import Finding, finding
from macros.hosts import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from generator.printed import Printed


class Source(NamedTuple):
    """A template as a worker finds it: by its path and hash, or in ``data`` where it cannot see our disk."""

    path: str
    sha256: str
    fields: frozenset[str]
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Job:
    """One paper to press. ``target`` is the file to write; nothing where the bytes are to be handed back."""

    number: str
    values: Mapping[str, Printed]
    title: str
    day: dt.date
    required: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a job: the paper's hash, or findings against it.

    ``data`` are its bytes where no file was to be written; ``other`` says that another file stands under its name.
    """

    number: str
    sha256: str = ""
    findings: tuple[Finding, ...] = ()
    data: bytes = b""
    other: bool = False


#: Templates this process has opened, by hash and fields: opening one costs more than pressing a paper.
_opened: dict[tuple[str, frozenset[str]], template.Template] = {}


def remember(opened: template.Template, fields: frozenset[str]) -> None:
    """Keep a template that was opened for planning, for the papers pressed in this process."""
    _opened[opened.sha256, fields] = opened


def press(source: Source, jobs: Sequence[Job]) -> list[Made]:
    """Press papers of one template, in the order of the jobs."""
    opened, said = _open(source)
    return [_one(opened, job) if opened else Made(job.number, findings=tuple(said)) for job in jobs]


def deliver(job: Job, sha256: str, data: bytes) -> Made:
    """Put a pressed paper where its job says; it stands there whole or not at all, and over no other file."""
    path = Path(job.target)
    try:
        put_new(path, data)
    except FileExistsError:
        return Made(job.number, sha256, other=not holds(path, data))
    except OSError as error:
        why = reason(error)
        return Made(job.number, findings=(finding("DOC040", workbook=path.name, why=why),))
    return Made(job.number, sha256)


def _one(opened: template.Template, job: Job) -> Made:
    data, said = template.render(opened, job.values, title=job.title, day=job.day, required=job.required)
    if data is None:
        return Made(job.number, findings=tuple(said))
    sha256 = hashlib.sha256(data).hexdigest()
    return deliver(job, sha256, data) if job.target else Made(job.number, sha256, data=data)


def _open(source: Source) -> tuple[template.Template | None, Iterable[Finding]]:
    kept = _opened.get((source.sha256, source.fields))
    if kept:
        return kept, ()
    name = Path(source.path).name
    if source.data:
        found, said = template.open_template(source.data, name, source.fields)
    else:
        found, said = template.load(Path(source.path), source.fields)
    if found and found.sha256 != source.sha256:
        return None, [finding("BAT010", workbook=name)]
    if found:
        remember(found, source.fields)
    return found, said
