"""Known layouts of foreign sheets, from ``layouts/*.toml``, with one for every form as the register prints it.

File shape::

    id = "stage"               # name in code; ``--as`` takes it or the title
    title = "阶段时间"
    form = "demand"            # the register table it feeds; "" for a ledger
    mode = "update"            # add: new rows, and changes of known ones · update: known rows only · ledger: nothing
    telltale = ["立项批复日期", ["统计时间", "导出时间"]]  # what gives it away; a list = any of them
    needs = ["demand_no"]      # columns without which nothing can be taken
    takes = ["approved_on"]    # update: the columns it may write; all others are only compared
    fills = ["raised_on"]      # update: compared columns that are written where the register has nothing
    soft = ["solution"]        # columns where an unknown word is left out with a warning instead of refusing the row
    apart = ["产品单元2"]       # groups whose fields are never read under their bare names
    fixed = {product_class = "铁塔类"}
    defaults = {product_class = "铁塔类"}                     # new rows of a file that has no such column
    aliases = {demand_no = ["移动侧订单号"]}
    passes = [{group = "候选站点1", fixed = {seq = 1}}]       # several records from one row
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.forms import Form, forms
from macros.intake.headings import compact, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE = Path(__file__).parent / "layouts"

#: Workbooks whose tables are the program's own and are never taken in; tables worked out anew stand in none.
_OWN = frozenset({"参数", "单据登记簿", ""})


@dataclass(frozen=True, slots=True)
class Pass:
    """One record made of a row: the group its headings stand under, and values it always has."""

    group: str
    fixed: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One known layout; see the module. ``names`` gives (column, rank) by compact heading, the best rank lowest."""

    id: str
    title: str
    form: Form | None
    mode: str
    telltale: tuple[tuple[str, ...], ...]
    needs: tuple[str, ...]
    takes: frozenset[str]
    fills: frozenset[str]
    soft: frozenset[str]
    apart: tuple[str, ...]
    passes: tuple[Pass, ...]
    defaults: Mapping[str, Any]
    names: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def repeats(self) -> bool:
        """Whether one row makes several records."""
        return len(self.passes) > 1


def parse(text: str, own: Form | None = None) -> Layout:
    """Read one layout file.

    Args:
        text: the TOML.
        own: the form of rows that feed no register table, such as a ledger's.

    Raises:
        ValueError: a column that its form does not have, or an unknown mode.
    """
    raw = tomllib.loads(text)
    form = forms()[raw["form"]] if raw["form"] else own
    if raw["mode"] not in ("add", "update", "ledger"):
        raise ValueError(f"{raw['id']}: unknown mode {raw['mode']}")
    fixed, aliases, defaults = raw.get("fixed", {}), raw.get("aliases", {}), raw.get("defaults", {})
    passes = tuple(
        Pass(one.get("group", ""), {**fixed, **one.get("fixed", {})}) for one in raw.get("passes", [{}])
    )
    named = {*raw["needs"], *raw.get("takes", ()), *raw.get("fills", ()), *raw.get("soft", ()), *aliases, *defaults}
    for one in passes:
        named |= set(one.fixed)
    if form and (unknown := named - set(form.index)):
        raise ValueError(f"{raw['id']}: {form.code} has no column {', '.join(sorted(unknown))}")
    return Layout(
        raw["id"], raw["title"], form, raw["mode"],
        tuple((one,) if isinstance(one, str) else tuple(one) for one in raw["telltale"]),
        tuple(raw["needs"]), frozenset(raw.get("takes", ())), frozenset(raw.get("fills", ())),
        frozenset(raw.get("soft", ())),
        tuple(map(compact, raw.get("apart", ()))), passes, defaults, _names(form, aliases),
    )


def _names(form: Form | None, aliases: Mapping[str, list[str]]) -> dict[str, tuple[str, float]]:
    """Every compact heading of a form with its column; the layout's own words first, aliases in their order last."""
    if form is None:
        return {}
    names: dict[str, tuple[str, float]] = {}
    for name, others in aliases.items():
        for rank, word in enumerate(others):
            names.setdefault(compact(word), (name, rank / 100))
    columns = [column for column in form.columns if not column.ours]
    for column in columns:
        names.setdefault(compact(column.title), (column.name, 1))
        names.setdefault(compact(column.heading), (column.name, 1))
    for column in columns:
        for rank, word in enumerate(column.aliases):
            names.setdefault(compact(word), (column.name, 2 + rank / 100))
    for column in columns:
        names.setdefault(compact(column.name), (column.name, 5))
    # Two words of one heading may each be said another way: 需求单签订日期.
    for further in (3, 6):
        for known, (name, first) in list(names.items()):
            for other in _variants(known):
                names.setdefault(other, (name, further + first))
    return names


def _variants(word: str) -> Iterator[str]:
    """The other ways to say a compact heading by the words that stand for each other."""
    same = words()["same"]
    for ending in (group for group in same["endings"] if word.endswith(tuple(group))):
        said = max((one for one in ending if word.endswith(one)), key=len)
        stem = word[: -len(said)]
        yield from (stem + other for other in ending if other != said and len(stem) > 1)
    for group in same["inside"]:
        for said in group:
            if said in word:
                yield from (word.replace(said, other) for other in group if other != said)


@cache
def layouts() -> dict[str, Layout]:
    """Every layout by its id: those of ``layouts/*.toml``, then each remaining form under its own code and title.

    Raises:
        ValueError: two layouts of one id or title.
    """
    found: dict[str, Layout] = {}
    for path in sorted(HERE.glob("*.toml")):
        layout = parse(path.read_text(encoding="utf-8"))
        if layout.id in found or layout.title in {other.title for other in found.values()}:
            raise ValueError(f"{path.name}: id or title is taken")
        found[layout.id] = layout
    fed = {layout.id for layout in found.values()}
    for form in forms().values():
        if form.code not in fed and form.workbook not in _OWN:
            found[form.code] = _of_form(form)
    return found


def _of_form(form: Form) -> Layout:
    titles = tuple((column.title,) for column in form.columns if not column.ours)
    return Layout(
        form.code, form.title, form, "add", titles, form.key, frozenset(),
        frozenset(), frozenset(), (), (Pass("", {}),), {}, _names(form, {}),
    )


def layout_of(word: str) -> Layout | None:
    """The layout with this id or title; None when there is none."""
    known = layouts()
    return known.get(word) or next((one for one in known.values() if compact(one.title) == compact(word)), None)


@cache
def vocabulary() -> frozenset[str]:
    """Every compact heading any layout knows."""
    known: set[str] = set()
    for layout in layouts().values():
        known |= layout.names.keys()
        known |= {compact(word) for words in layout.telltale for word in words}
    return frozenset(known)
