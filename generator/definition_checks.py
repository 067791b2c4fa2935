"""Finds what is wrong in a definition file, so that a slip shows when it is written and not when it prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator import figure_checks
from macros.forms import forms
from macros.register import default_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Placeholders every template may use.
ALWAYS = ("单据编号", "表号", "表名", "公司名称", "签发日期", "城市", "客户经理姓名")
#: The list of a group document's own rows, and the running number in every list.
GROUP_LIST, SERIAL = "明细", "序号"
TESTS = ("filled", "blank", "equals", "among", "differs", "not_after", "not_before", "below")
#: Tests that compare with a computed day.
DAY_TESTS = ("not_after", "not_before")
COMPUTED_KINDS = ("upper", "sum", "count", "blank", "clock", "date", "text", "day", "month")
#: What a computed ``day`` or ``month`` can be, seen from the day of issue or the month of the row.
DAYS = (
    "today", "last_month_start", "last_month_end", "this_month_start", "this_month_end", "row_month_start",
    "row_month_end",
)
MONTHS = ("last_month", "this_month")
#: The one day a computed ``date`` can be.
ISSUED = "issued"

_WORDS = {"date": (ISSUED,), "day": DAYS, "month": MONTHS}
_KEYS = {
    "": "code number name clause table group where offered template variants required joins lists computed"
        " series sent signed due made_by figures layout",
    "condition": "column say " + " ".join(TESTS),
    "variants": "column say template required signed " + " ".join(TESTS),
    "joins": "name table on customer of where serves_all",
    "lists": "name table on customer where sort at_least groups",
    "groups": "name by",
    "computed": "name " + " ".join(COMPUTED_KINDS),
}
#: Chinese names are short: one character of two may differ.
_LIKE = 0.5
_CLOCK = re.compile(r"K\d\d")


def problems(raw: Mapping[str, Any]) -> list[str]:
    """Everything wrong in one definition as read from TOML; nothing when it is sound."""
    missing = [f"{key} is missing" for key in ("code", "name", "table", "template") if not raw.get(key)]
    if missing:
        return missing
    if raw["table"] not in forms():
        return [f"no table {raw['table']!r}{_near(raw['table'], forms())}"]
    try:
        return _Checker(raw).found()
    except (TypeError, AttributeError, KeyError) as error:
        return [f"a value has the wrong shape: {error!r}"]


def one_or_more(value: str | list[str]) -> list[str]:
    """A value that may be one word, several, or none."""
    return value if isinstance(value, list) else [value] if value else []


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), 1, _LIKE)
    return f"; did you mean {close[0]!r}?" if close else ""


class _Checker:
    """One pass over one definition, gathering problems with the place they stand at."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.group: list[str] = raw.get("group", [])
        self.wrong: list[str] = []
        self.joins: dict[str, str] = {}
        self.lists: dict[str, str] = {GROUP_LIST: raw["table"]} if self.group else {}
        self.days = [each["name"] for each in raw.get("computed", ()) if "day" in each]
        self.named = [GROUP_LIST] if self.group else []

    def found(self) -> list[str]:
        raw, table = self.raw, self.raw["table"]
        self.keys("", raw, "")
        for name in self.group:
            self.column(table, name, "group")
        for position, each in enumerate(raw.get("joins", ())):
            self.join(f"joins[{position}]", each)
        for position, each in enumerate(raw.get("lists", ())):
            self.listing(f"lists[{position}]", each)
        for key in ("where", "offered"):
            for position, each in enumerate(raw.get(key, ())):
                self.condition(f"{key}[{position}]", each, "condition")
                if key == "offered" and not each.get("say"):
                    self.wrong.append(f"{key}[{position}]: say is missing: a refusal needs its reason")
        for position, each in enumerate(raw.get("variants", ())):
            place = f"variants[{position}]"
            self.condition(place, each, "variants")
            if not each.get("template"):
                self.wrong.append(f"{place}: template is missing")
            self.required(place, each.get("required", ()))
            for path in one_or_more(each.get("signed", "")):
                self.path(path, f"{place}.signed")
        self.required("required", raw.get("required", ()))
        self.computed()
        self.wrong += figure_checks.problems(raw, self.lists)
        self.names()
        for key in ("sent", "signed"):
            for path in one_or_more(raw.get(key, "")):
                self.path(path, key)
        for clock in one_or_more(raw.get("due", "")):
            if not _CLOCK.fullmatch(clock):
                self.wrong.append(f"due: {clock!r} is no clock")
        return self.wrong

    def keys(self, kind: str, raw: Mapping[str, Any], place: str) -> None:
        known = _KEYS[kind].split()
        for key in raw:
            if key not in known:
                self.wrong.append(f"{place or 'file'}: unknown key {key!r}{_near(key, known)}")

    def column(self, table: str, name: str, place: str) -> bool:
        form = forms()[table]
        if name in form.index:
            return True
        self.wrong.append(f"{place}: no column {name!r} in {table}{_near(name, form.index)}")
        return False

    def path(self, path: str, place: str) -> None:
        """A column of the document's own row or, with a dot, of a join."""
        name, dot, column = path.rpartition(".")
        if not dot:
            self.column(self.raw["table"], path, place)
        elif name in self.joins:
            self.column(self.joins[name], column, place)
        else:
            self.wrong.append(f"{place}: no join {name!r}{_near(name, self.joins)}")

    def condition(self, place: str, raw: Mapping[str, Any], kind: str, table: str = "") -> None:
        self.keys(kind, raw, place)
        tests = [test for test in TESTS if test in raw]
        if len(tests) != 1:
            self.wrong.append(f"{place}: needs exactly one of {', '.join(TESTS)}")
        elif tests[0] in ("filled", "blank") and raw[tests[0]] is not True:
            self.wrong.append(f"{place}: {tests[0]} can only be true")
        elif tests[0] == "among" and not (isinstance(raw["among"], list) and raw["among"]):
            self.wrong.append(f"{place}: among needs a list")
        for test in DAY_TESTS:
            if test in raw and raw[test] not in self.days:
                self.wrong.append(f"{place}: no computed day {raw[test]!r}{_near(str(raw[test]), self.days)}")
        if "column" not in raw:
            self.wrong.append(f"{place}: column is missing")
        for path in one_or_more(raw.get("column", "")):
            if table:
                self.column(table, path, place)
            else:
                self.path(path, place)

    def on(self, place: str, raw: Mapping[str, Any], table: str) -> None:
        if not raw.get("on"):
            self.wrong.append(f"{place}: on is missing")
        for theirs, ours in raw.get("on", {}).items():
            self.column(table, theirs, f"{place}.on")
            self.path(ours, f"{place}.on")
            if self.group and "." not in ours and ours not in self.group:
                self.wrong.append(f"{place}.on: {ours!r} differs within the group")
        for position, each in enumerate(raw.get("where", ())):
            self.condition(f"{place}.where[{position}]", each, "condition", table)

    def join(self, place: str, raw: Mapping[str, Any]) -> None:
        self.keys("joins", raw, place)
        table = "customer" if raw.get("customer") else raw.get("table", "")
        if table not in forms():
            self.wrong.append(f"{place}: no table {table!r}{_near(table, forms())}")
            return
        if not raw.get("customer"):
            self.on(place, raw, table)
        if "of" in raw and (not raw.get("customer") or raw["of"] not in self.joins):
            self.wrong.append(f"{place}: of needs customer = true and an earlier join{_near(raw['of'], self.joins)}")
        self.joins[raw["name"]] = table
        self.named.append(raw["name"])

    def listing(self, place: str, raw: Mapping[str, Any]) -> None:
        self.keys("lists", raw, place)
        own = bool(self.group) and raw["name"] == GROUP_LIST
        table = raw.get("table", self.raw["table"] if own else "")
        if table not in forms():
            self.wrong.append(f"{place}: no table {table!r}{_near(table, forms())}")
            return
        if own and (table != self.raw["table"] or "on" in raw or "where" in raw):
            self.wrong.append(f"{place}: {GROUP_LIST} is the group's own rows and takes no table, on or where")
        elif not own and raw.get("customer"):
            if "on" in raw:
                self.wrong.append(f"{place}: the customer's rows take no on")
            for position, each in enumerate(raw.get("where", ())):
                self.condition(f"{place}.where[{position}]", each, "condition", table)
        elif not own:
            self.on(place, raw, table)
        for name in raw.get("sort", ()):
            self.column(table, name, f"{place}.sort")
        self.lists[raw["name"]] = table
        if not own:
            self.named.append(raw["name"])
        if "groups" in raw:
            self.keys("groups", raw["groups"], f"{place}.groups")
            self.column(table, raw["groups"]["by"], f"{place}.groups.by")
            self.named.append(raw["groups"]["name"])

    def listed(self, path: str, place: str) -> None:
        name, _, column = path.rpartition(".")
        if name in self.lists:
            self.column(self.lists[name], column, place)
        else:
            self.wrong.append(f"{place}: no list {name!r}{_near(name, self.lists)}")

    def required(self, place: str, paths: Iterable[str]) -> None:
        computed = {raw["name"] for raw in self.raw.get("computed", ())}
        for path in paths:
            name = path.rpartition(".")[0]
            if name in self.lists:
                self.listed(path, place)
            elif path not in computed:
                self.path(path, place)
                if self.group and not name and path not in self.group:
                    self.wrong.append(f"{place}: {path!r} differs within the group; say {GROUP_LIST}.{path}")

    def computed(self) -> None:
        earlier: set[str] = set()
        for position, raw in enumerate(self.raw.get("computed", ())):
            place = f"computed[{position}]"
            self.keys("computed", raw, place)
            kinds = [kind for kind in COMPUTED_KINDS if kind in raw]
            if len(kinds) != 1:
                self.wrong.append(f"{place}: needs exactly one of {', '.join(COMPUTED_KINDS)}")
                continue
            source = raw[kinds[0]]
            if kinds[0] in ("sum", "blank"):
                self.listed(source, place)
            elif kinds[0] == "count" and source not in self.lists:
                self.wrong.append(f"{place}: no list {source!r}{_near(source, self.lists)}")
            elif kinds[0] == "upper" and source not in earlier:
                self.path(source, place)
            elif kinds[0] == "clock" and not _CLOCK.fullmatch(source):
                self.wrong.append(f"{place}: {source!r} is no clock")
            elif kinds[0] == "text" and source not in default_settings():
                self.wrong.append(f"{place}: no setting {source!r}{_near(source, default_settings())}")
            elif kinds[0] in _WORDS and source not in _WORDS[kinds[0]]:
                self.wrong.append(f"{place}: {kinds[0]} can only be one of {', '.join(_WORDS[kinds[0]])}")
            if kinds[0] == "sum":
                earlier.add(raw["name"])

    def names(self) -> None:
        """No two placeholders may share a name, and each must be an identifier."""
        form = forms()[self.raw["table"]]
        own = self.group or list(form.index)
        taken = {form.column(name).title for name in own if name in form.index} | set(ALWAYS)
        for name in [*self.named, *(each["name"] for each in self.raw.get("computed", ()))]:
            if name in taken:
                self.wrong.append(f"the name {name} is already a placeholder of this document")
            if not name.isidentifier():
                self.wrong.append(f"the name {name!r} is no identifier")
            taken.add(name)
