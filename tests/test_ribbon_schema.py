"""The ribbon parts of TowerDesk.xlam keep the rules of customUI, and every callback they name is there.

The rules are those of [MS-CUSTOMUI] for the elements and attributes this add-in uses; whatever else customUI knows
counts as a mistake here. Excel shows no ribbon at all when a part breaks one of them, and says so only on request.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

import pytest

from addin import ribbon
from addin.build.xlam import made, modules


@dataclass(frozen=True)
class Rule:
    """What an element must have, may have, and may hold."""

    must: str
    may: str
    holds: str


#: screentip to getEnabled are optional in customUI; ids, labels and actions of ours are not.
RULES = {
    "customUI": Rule("onLoad", "", "ribbon"),
    "ribbon": Rule("", "", "tabs"),
    "tabs": Rule("", "", "tab"),
    "tab": Rule("id label", "keytip insertAfterMso", "group"),
    "group": Rule("id label", "", "button menu"),
    "menu": Rule("id label", "size imageMso keytip screentip supertip tag", "button"),
    "button": Rule("id label onAction", "size imageMso keytip screentip supertip tag getEnabled", ""),
}
#: Longest text of an attribute, and the form it must have. The shortest is one character.
TEXTS = {
    "id": (1024, r"[A-Za-z_][\w.-]*"),
    "insertAfterMso": (1024, r"[A-Za-z_]\w*"),
    "imageMso": (1024, r"[A-Za-z_]\w*"),
    "label": (1024, r".*"),
    "screentip": (1024, r".*"),
    "supertip": (1024, r".*"),
    "tag": (1024, r".*"),
    "keytip": (3, r"[A-Z0-9]+"),
    "size": (6, r"normal|large"),
    "onLoad": (1024, r"\w+\.\w+"),
    "onAction": (1024, r"\w+\.\w+"),
    "getEnabled": (1024, r"\w+\.\w+"),
}
#: The arguments VBA callbacks must take ([MS-CUSTOMUI] and the Office documentation of each).
ARGUMENTS = {
    "onLoad": "(ribbon As IRibbonUI)",
    "onAction": "(control As IRibbonControl)",
    "getEnabled": "(control As IRibbonControl, ByRef returnedVal)",
}
#: Key tips of Excel's own tabs: File Home Insert Draw Layout Formulas Data Review View Automate Developer Help Add-ins.
EXCEL_TABS = {"F", "H", "N", "JI", "P", "M", "A", "R", "W", "U", "L", "Y", "X"}
#: Parts of the package with the namespace each must be in.
PARTS = {
    "customUI/customUI14.xml": "http://schemas.microsoft.com/office/2009/07/customui",
    "customUI/customUI.xml": "http://schemas.microsoft.com/office/2006/01/customui",
}


@cache
def part(name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(made())).read(name).decode("utf-8")


def mistakes(text: str, namespace: str) -> list[str]:
    """Every breach of the rules in a ribbon part, in reading order."""
    root = ElementTree.fromstring(text)
    found = [] if root.tag == f"{{{namespace}}}customUI" else [f"root {root.tag}"]
    for element in root.iter():
        found += _of_element(element, namespace)
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    found += [f"id {id} twice" for id, times in ids.items() if times > 1]
    found += [f"no callback {name}{wants}" for name, wants in callbacks(root) if not _exists(name, wants)]
    return found + [text for level in _levels(root) for text in _key_tips(level)]


def _of_element(element: ElementTree.Element, namespace: str) -> Iterator[str]:
    name = element.tag.removeprefix(f"{{{namespace}}}")
    rule = RULES.get(name)
    if rule is None:
        yield f"element {name}"
        return
    must, may = set(rule.must.split()), set(rule.may.split())
    yield from (f"{name} without {one}" for one in sorted(must - element.attrib.keys()))
    for attribute, text in element.attrib.items():
        if attribute not in must | may:
            yield f"{name} has {attribute}"
            continue
        longest, form = TEXTS[attribute]
        if not 1 <= len(text) <= longest or not re.fullmatch(form, text, re.ASCII):
            yield f"{name} {attribute}={text[:20]!r}"
    for child in element:
        if child.tag.removeprefix(f"{{{namespace}}}") not in rule.holds.split():
            yield f"{name} holds {child.tag.removeprefix(f'{{{namespace}}}')}"
    if (element.text or "").strip() or (element.tail or "").strip():
        yield f"{name} has text"


def callbacks(root: ElementTree.Element) -> list[tuple[str, str]]:
    """Every callback named, with the arguments it must take, once each."""
    found = {(element.attrib[kind], wants) for element in root.iter() for kind, wants in ARGUMENTS.items() if kind in element.attrib}
    return sorted(found)


def _exists(callback: str, arguments: str) -> bool:
    module, _, name = callback.partition(".")
    return any(found.name == module and f"Public Sub {name}{arguments}\n" in found.source for found in modules())


def _levels(root: ElementTree.Element) -> Iterator[list[ElementTree.Element]]:
    """Elements whose key tips are shown at the same time: those of a tab across its groups, and those of each menu."""
    for element in root.iter():
        if element.tag.endswith("}tab"):
            yield [child for group in element for child in group]
        if element.tag.endswith("}menu"):
            yield list(element)


def _key_tips(level: list[ElementTree.Element]) -> Iterator[str]:
    """Key tips equal to another or to the beginning of another of the same level."""
    tips = [element.get("keytip", "") for element in level if element.get("keytip")]
    for number, tip in enumerate(tips):
        if any(other.startswith(tip) for at, other in enumerate(tips) if at != number):
            yield f"key tip {tip} not unique"


@pytest.mark.parametrize("name", PARTS)
def test_the_ribbon_keeps_the_rules(name: str) -> None:
    assert mistakes(part(name), PARTS[name]) == []


def test_the_two_parts_differ_in_their_namespace_only() -> None:
    newer, older = (part(name) for name in PARTS)
    assert newer.replace("/2009/07/", "/2006/01/") == older
    assert newer == ribbon.SOURCE.read_text(encoding="utf-8")


def test_the_tab_takes_no_key_tip_of_excels_own_tabs() -> None:
    assert ribbon.tab().keytip not in EXCEL_TABS


def test_the_ribbon_names_three_callbacks() -> None:
    root = ElementTree.fromstring(part("customUI/customUI14.xml"))
    assert [name for name, _ in callbacks(root)] == ["TowerRibbon.OnAction", "TowerRibbon.OnEnabled", "TowerRibbon.OnLoad"]


ONE = (
    '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui" onLoad="TowerRibbon.OnLoad"><ribbon><tabs><tab id="t" label="塔" keytip="K">'
    '<group id="g" label="组"><button id="a" label="甲" keytip="A" onAction="TowerRibbon.OnAction"/>'
    '<menu id="m" label="单" keytip="B"><button id="b" label="乙" keytip="A" getEnabled="TowerRibbon.OnEnabled" onAction="TowerRibbon.OnAction"/></menu>'
    "</group></tab></tabs></ribbon></customUI>"
)


def test_a_small_ribbon_keeps_the_rules() -> None:
    assert mistakes(ONE, PARTS["customUI/customUI14.xml"]) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2009/07/customui", "2006/01/customui", "root {http://schemas.microsoft.com/office/2006/01/customui}customUI"),
        (' onLoad="TowerRibbon.OnLoad"', "", "customUI without onLoad"),
        ('id="a"', 'id="m"', "id m twice"),
        ('id="a"', 'id="1a"', "button id='1a'"),
        ('id="a"', 'id="é"', "button id='é'"),
        ('label="甲"', 'label=""', "button label=''"),
        ('label="甲"', f'label="{"甲" * 1025}"', f"button label={'甲' * 20!r}"),
        ('label="甲"', f'label="甲" screentip="{"x" * 1025}"', f"button screentip={'x' * 20!r}"),
        ('label="甲"', 'label="甲" size="huge"', "button size='huge'"),
        ('label="甲"', 'label="甲" colour="red"', "button has colour"),
        ('label="甲"', 'label="甲" imageMso="A B"', "button imageMso='A B'"),
        (' label="组"', "", "group without label"),
        ('keytip="A"', 'keytip="ABCD"', "button keytip='ABCD'"),
        ('keytip="A"', 'keytip="B"', "key tip B not unique"),
        ('keytip="A"', 'keytip="BX"', "key tip B not unique"),
        (' onAction="TowerRibbon.OnAction"/><menu', "/><menu", "button without onAction"),
        ('onAction="TowerRibbon.OnAction"/><menu', 'onAction="OnAction"/><menu', "button onAction='OnAction'"),
        ('onAction="TowerRibbon.OnAction"/><menu', 'onAction="TowerRibbon.Press2"/><menu', "no callback TowerRibbon.Press2(control As IRibbonControl)"),
        ('onAction="TowerRibbon.OnAction"/><menu', 'onAction="TowerRibbon.OnEnabled"/><menu', "no callback TowerRibbon.OnEnabled(control As IRibbonControl)"),
        ('getEnabled="TowerRibbon.OnEnabled"', 'getEnabled="TowerRibbon.OnAction"', "no callback TowerRibbon.OnAction(control As IRibbonControl, ByRef returnedVal)"),
        ("</group>", "<tab/></group>", "group holds tab"),
        ("</group>", "<gallery/></group>", "element gallery"),
        ("</group>", "文字</group>", "menu has text"),
    ],
)  # fmt: skip
def test_each_breach_is_found(old: str, new: str, said: str) -> None:
    assert old in ONE
    assert said in mistakes(ONE.replace(old, new, 1), PARTS["customUI/customUI14.xml"])
