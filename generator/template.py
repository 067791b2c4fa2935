"""A Word template ready to fill, and papers made of it: the same input, the same bytes.

A template is compiled when all of it can be proven sound beforehand (`generator.outline`); only then do papers need no
looking at. Any other is rendered by Jinja and docxtpl, and its papers are read before they go out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from generator import stored
from generator.archive import Bundle, Packed, as_it_is, bundle, finished, properties
from generator.pressing import Oversized, Program, Unwritable, deflated, pieces, text_of
from generator.printed import at, shown
from macros.findings import Finding, finding
from macros.hosts import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from generator.printed import Printed

#: Characters of the values one part prints; a statement of 5,000 lines has about half a million.
MAX_CHARACTERS = 50_000_000
#: Bytes of one part with its markup, half of what a zip file holds. A template that is not compiled is built whole in
#: memory and may have four characters for each of a value's.
MAX_PART = 2_000_000_000
#: A template's file of honest size stays far below this.
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class Template:
    """A template ready to fill.

    ``uses`` are its placeholders as `generator.definitions.fields` writes them, ``always`` those that every paper
    prints; ``fixed`` its parts without tags, laid out, ``described`` the properties it has. ``programs`` are its parts
    with tags, compiled; where they are None, those of ``sources`` are rendered by Jinja. ``figures`` are the parts of
    its figures by their placeholders.
    """

    name: str
    sha256: str
    uses: frozenset[str]
    always: frozenset[str]
    fixed: Bundle
    described: tuple[str, ...]
    programs: Mapping[str, Program] | None
    sources: Mapping[str, str]
    figures: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The template's version in the document register."""
        return self.sha256[:8]

    @cached_property
    def fillers(self) -> Mapping[str, Callable[[Mapping[str, Printed]], Iterator[list[bytes | str]]]]:
        """The compiled parts as functions."""
        return {part: program.run() for part, program in (self.programs or {}).items()}


def open_template(
    data: bytes, name: str, fields: AbstractSet[str],
) -> tuple[Template | None, list[Finding]]:
    """Read, check and compile a template.

    Args:
        data: the .docx file.
        name: its file name.
        fields: the placeholders its kind of document has.

    Returns:
        The template, or None with every reason against it.
    """
    from generator.opening import compiled, opened

    read, findings = opened(data, name, fields)
    if read is None:
        return None, findings
    made, always = compiled(read.sources)
    sha256 = hashlib.sha256(data).hexdigest()
    return Template(name, sha256, read.uses, always, read.fixed, read.described, made, read.sources, read.figures), []


def load(path: Path, fields: AbstractSet[str]) -> tuple[Template | None, list[Finding]]:
    """Read a template file, or take it as it was compiled the last time; see `open_template`."""
    name = path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [finding("DOC007", workbook=name, limit=MAX_BYTES // 1024 // 1024)]
        data = path.read_bytes()
    except OSError as error:
        return None, [finding("DOC001", workbook=name, why=reason(error))]
    place = stored.place(data, name, fields)
    kept = stored.load(place)
    if kept:
        sha256, uses, always, fixed, described, programs, figures = kept
        made = {part: Program(*program) for part, program in programs.items()}
        return Template(name, sha256, uses, always, Bundle(*fixed), described, made, {}, figures), []
    template, findings = open_template(data, name, fields)
    if template and template.programs is not None:
        programs = {part: tuple(program) for part, program in template.programs.items()}
        kept = (
            template.sha256, template.uses, template.always, tuple(template.fixed), template.described, programs,
            template.figures,
        )
        stored.keep(place, kept)
    return template, findings


def render(
    template: Template, context: Mapping[str, Printed], *, title: str, day: dt.date,
    required: Iterable[str] = (),
) -> tuple[bytes | None, list[Finding]]:
    """Fill a template.

    Args:
        template: as `open_template` gives it.
        context: finished strings, dictionaries of them and lists of such.
        title: the document's title for its properties.
        day: the day it is issued, the only date its properties show.
        required: placeholders whose values must stand in the finished text.

    Returns:
        The file's bytes, or None with the reason: a value that is missing, a tag left over, a required value
        nobody can read in the paper.
    """
    if template.programs is None:
        from generator import unproven

        parts, findings = unproven.render(template.sources, context, required, template.name, 4 * MAX_CHARACTERS)
    else:
        parts, findings = _pressed(template, context, required)
    if template.figures and not findings:
        more, findings = _figures(template, context)
        parts |= more
    if findings:
        return None, findings
    company = context.get("公司名称", "")
    about = properties(title, company if isinstance(company, str) else "", day)
    parts |= {name: as_it_is(about[name]) for name in template.described}
    return finished(bundle(parts, template.fixed)), []


def _pressed(
    template: Template, context: Mapping[str, Printed], required: Iterable[str],
) -> tuple[dict[str, Packed], list[Finding]]:
    """The finished parts of a compiled template."""
    parts: dict[str, Packed] = {}
    seen: list[str] = []
    for part, fill in template.fillers.items():
        try:
            parts[part] = deflated(pieces(fill, context, seen, MAX_CHARACTERS), MAX_PART)
        except Oversized:
            return {}, [finding("DOC032", workbook=template.name)]
        except Unwritable:
            return {}, [finding("DOC034", workbook=template.name, part=part)]
        except KeyError as error:
            return {}, [finding("DOC033", workbook=template.name, part=part, why=f"没有“{error.args[0]}”")]
        except (TypeError, AttributeError):
            return {}, [finding("DOC033", workbook=template.name, part=part, why="标记与数据不符")]
    return parts, _unprinted(template, context, required, "\0".join(seen))


def _figures(template: Template, context: Mapping[str, Printed]) -> tuple[dict[str, Packed], list[Finding]]:
    """The parts of a paper's figures."""
    from generator.archive import pack
    from generator.figures import content

    made: dict[str, Packed] = {}
    for name, part in template.figures.items():
        value = context.get(name)
        if not isinstance(value, str):
            return {}, [finding("DOC033", workbook=template.name, part=part, why=f"没有“{name}”")]
        try:
            made[part] = pack(content(name, value))
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}, [finding("DOC033", workbook=template.name, part=part, why=f"“{name}”的数据画不成图")]
    return made, []


def _unprinted(
    template: Template, context: Mapping[str, Printed], required: Iterable[str], printed: str,
) -> list[Finding]:
    """Required values that a paper does not say.

    Those that every paper prints are proven. The others are looked for among the values ``printed``, and at last in
    the words of the paper: a template may tick what a value says instead of printing it.
    """
    doubtful = [
        (path, value) for path in required if path not in template.always
        for value in at(context, path) if value not in printed
    ]
    if not doubtful:
        return []
    words = "\0".join(
        text_of(b"".join(pieces(fill, context, [], MAX_CHARACTERS))) for fill in template.fillers.values()
    )
    said = {path: value for path, value in reversed(doubtful) if any(line not in words for line in value.split("\n"))}
    return [
        finding("DOC030", workbook=template.name, field=path.replace("[]", ""), value=shown(said[path]))
        for path in dict.fromkeys(path for path, _ in doubtful) if path in said
    ]
