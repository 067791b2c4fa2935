"""Loads what each kind of document is: its table, state, template, required fields, joins, lists and sums."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import figures
from generator.definition_checks import ALWAYS, COMPUTED_KINDS, GROUP_LIST, SERIAL, TESTS, one_or_more, problems
from generator.definition_parts import Computed, Condition, Definition, Join, Listing, Variant
from macros.data import toml
from macros.forms import forms
from macros.lazily import OnDemand

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Computed", "Condition", "Definition", "DefinitionError", "Join", "Listing", "Variant", "definitions", "fields",
    "parse", "placeholder",
]

HERE = Path(__file__).parent / "documents"


class DefinitionError(ValueError):
    """A definition file is wrong: the developer's mistake, with every problem of the file."""


def parse(text: str, source: str = "definition") -> Definition:
    """Read one definition file.

    Args:
        text: the TOML.
        source: its file name, for errors.

    Raises:
        DefinitionError: unknown keys, tables, columns, joins, lists or tests; every problem is named.
    """
    import tomllib

    try:
        return _definition(tomllib.loads(text), source)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{source}: {error}") from error


def _definition(raw: dict[str, Any], source: str) -> Definition:
    if wrong := problems(raw):
        raise DefinitionError("\n".join(f"{source}: {problem}" for problem in wrong))
    return Definition(
        code=raw["code"],
        number=raw.get("number", ""),
        name=raw["name"],
        clause=raw.get("clause", ""),
        table=raw["table"],
        template=raw["template"],
        group=tuple(raw.get("group", ())),
        where=_conditions(raw),
        offered=_conditions(raw, "offered"),
        variants=tuple(
            Variant(
                _condition(each), each["template"], tuple(each.get("required", ())),
                tuple(one_or_more(each.get("signed", ""))),
            )
            for each in raw.get("variants", ())
        ),
        required=tuple(raw.get("required", ())),
        joins=tuple(
            Join(
                each["name"], each.get("table", "customer"), tuple(each.get("on", {}).items()),
                each.get("customer", False), each.get("of", ""), _conditions(each), each.get("serves_all", False),
            )
            for each in raw.get("joins", ())
        ),
        lists=tuple(
            Listing(
                each["name"], each.get("table", raw["table"]), tuple(each.get("on", {}).items()), _conditions(each),
                tuple(each.get("sort", ())), each.get("at_least", 0),
                each.get("groups", {}).get("name", ""), each.get("groups", {}).get("by", ""),
                each.get("customer", False),
            )
            for each in _lists(raw)
        ),
        computed=tuple(
            Computed(each["name"], kind, each[kind])
            for each in raw.get("computed", ()) for kind in COMPUTED_KINDS if kind in each
        ),
        sent=tuple(one_or_more(raw.get("sent", ""))), signed=tuple(one_or_more(raw.get("signed", ""))),
        series=raw.get("series", raw["code"]),
        due=tuple(one_or_more(raw.get("due", ""))),
        made_by=raw.get("made_by", ""), figures=figures.parse(raw.get("figures", ())),
        layout=tuple(raw.get("layout", ())),
    )


def _lists(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lists as written; a group's own rows are one of them even where nothing more is said of them."""
    written: list[dict[str, Any]] = list(raw.get("lists", ()))
    if raw.get("group") and all(each["name"] != GROUP_LIST for each in written):
        written.insert(0, {"name": GROUP_LIST})
    return written


def _conditions(raw: Mapping[str, Any], key: str = "where") -> tuple[Condition, ...]:
    return tuple(_condition(each) for each in raw.get(key, ()))


def _condition(raw: Mapping[str, Any]) -> Condition:
    test = next(each for each in TESTS if each in raw)
    expected = () if test in ("filled", "blank") else tuple(raw[test]) if test == "among" else (raw[test],)
    return Condition(tuple(one_or_more(raw["column"])), test, expected, raw.get("say", ""))


@cache
def definitions(folder: Path = HERE) -> Mapping[str, Definition]:
    """Every definition by its code, numbered annexes first in their own order; each is made when first asked for.

    Raises:
        DefinitionError: a file is no TOML, or two files have one code; when a definition is asked for, its file is
            wrong.
    """
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            raw = toml(path)
        except ValueError as error:
            raise DefinitionError(f"{path.name}: {error}") from error
        code = raw.get("code", path.stem)
        if found.setdefault(code, (raw, path.name))[0] is not raw:
            raise DefinitionError(f"{path.name}: code {code} is defined twice")
    in_order = sorted(found, key=lambda code: _order(code, found[code][0]))
    return OnDemand(in_order, lambda code: _definition(*found[code]))


def _order(code: str, raw: Mapping[str, Any]) -> tuple[int, list[int], str]:
    parts = [int(part) for part in raw.get("number", "").split(".") if part]
    return not parts, parts, code


def fields(definition: Definition) -> frozenset[str]:
    """Every placeholder a template of this kind may use.

    ``需求编号`` is a value, ``客户.办公地址`` one of a join, ``明细[]`` a list to loop over and ``明细[].金额`` a
    column of its rows; ``按站址[].明细[].金额`` the same where the rows are gathered by site;
    ``图表：故障趋势`` a figure.
    """
    form = forms()[definition.table]
    own = definition.group or tuple(column.name for column in form.columns)
    names = {form.column(name).title for name in own} | set(ALWAYS)
    names |= {computed.name for computed in definition.computed} | {figure.field for figure in definition.figures}
    for join in definition.joins:
        names |= {f"{join.name}.{column.title}" for column in forms()[join.table].columns}
    for each in definition.lists:
        titles = [SERIAL, *(column.title for column in forms()[each.table].columns)]
        rows = [each.name]
        if each.grouped:
            by = forms()[each.table].column(each.by).title
            names |= {f"{each.grouped}[]", f"{each.grouped}[].{SERIAL}", f"{each.grouped}[].{by}"}
            rows.append(f"{each.grouped}[].{each.name}")
        names |= {f"{row}[]" for row in rows} | {f"{row}[].{title}" for row in rows for title in titles}
    return frozenset(names)


def placeholder(definition: Definition, path: str) -> str:
    """The placeholder of a column path: ``需求.site_name`` → ``需求.站点名称``, ``明细.amount`` → ``明细[].金额``."""
    name, _, column = path.rpartition(".")
    table = forms()[definition.table_of(name) or definition.table]
    title = table.column(column).title if column in table.index else column
    rows = "" if any(join.name == name for join in definition.joins) else "[]"
    return f"{name}{rows}.{title}" if name else title
