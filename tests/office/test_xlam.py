"""LibreOffice loads TowerDesk.xlam, compiles its macros, and they answer as they do in the interpreter of test_vba.py.

One module that does not compile silently disables the whole library there, so an answer of every module is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from addin.build.xlam import made, modules
from addin.libreoffice.engine.loading import properties

pytestmark = pytest.mark.office

#: com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN.
ALWAYS = 4
#: Calc takes the file for nothing it knows unless it is told the filter of workbooks with macros.
FILTER = "Calc MS Excel 2007 VBA XML"

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def document(calc: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("xlam") / "TowerDesk.xlam"
    path.write_bytes(made())
    found = calc.api.loadComponentFromURL(path.as_uri(), "_blank", 0, properties(Hidden=True, MacroExecutionMode=ALWAYS, FilterName=FILTER))
    yield found
    found.close(True)


@pytest.fixture(scope="module")
def call(document: Any) -> Call:
    """Runs a macro; a library that does not compile answers every call with None."""
    scripts = document.getScriptProvider()

    def run(macro: str, *words: Any) -> Any:
        return scripts.getScript(f"vnd.sun.star.script:TowerDesk.{macro}?language=Basic&location=document").invoke(words, (), ())[0]

    return run


def test_every_module_of_the_project_is_there(document: Any) -> None:
    assert set(document.BasicLibraries.getByName("TowerDesk").ElementNames) == {module.name for module in modules()}


def test_the_source_of_a_module_is_ours(document: Any) -> None:
    source = (Path(__file__).parents[2] / "addin" / "vba" / "TowerAgent.bas").read_text(encoding="ascii")
    assert source.partition("Option Explicit\n")[2] in document.BasicLibraries.getByName("TowerDesk").getByName("TowerAgent")


@pytest.mark.parametrize(
    ("macro", "words", "answer"),
    [
        ("TowerRibbon.IsSafeId", ("form_3_10",), True),
        ("TowerRibbon.IsSafeId", ("x');import os;('",), False),
        ("TowerRibbon.IsSafeId", ("表",), False),
        ("TowerRibbon.HasWord", ("工单 需求", "需求"), True),
        ("TowerRibbon.HasWord", ("需求变更", "需求"), False),
        ("TowerRibbon.IsEnabled", ("form_3_1", ""), True),
        ("TowerRibbon.IsEnabled", ("form_3_1", "texts"), True),
        ("TowerRibbon.IsEnabled", ("form_3_1", "需求"), False),
        ("TowerTexts.Say", ("board",), "今日待办"),
        ("TowerTexts.Say", ("none",), "none"),
        ("TowerTexts.Filled", ("status", "今日待办"), "塔务台：今日待办…"),
        ("TowerAgent.JsonText", ('a"b\\c\n项\U00020bb7é',), r'"a\"b\\c\u000A\u9879\uD842\uDFB7\u00E9"'),
        ("TowerAgent.JsonNumber", ('{"port": 47831, "token": "t_-1"}', "port"), "47831"),
        ("TowerAgent.JsonString", ('{"port": 47831, "token": "t_-1"}', "token"), "t_-1"),
        (
            "TowerLauncher.CommandLine",
            (r"D:\塔 务台\pythonw.exe", "board", "2026=100% & 终.xlsx", "12"),
            r'"D:\塔 务台\pythonw.exe" -P -X utf8 -m addin click board --host excel "--book=2026=100%TOWERDESK_PERCENT% & 终.xlsx" --hwnd 12',
        ),
        ("TowerLauncher.ClickBody", ("board", "甲.xlsx", "12"), r'{"id": "board", "host": "excel", "book": "\u7532.xlsx", "hwnd": 12, "pipe": ""}'),
        ("TowerMenu.Body", ("D:\\甲.xlsx", "a", "5,6"), r'{"path": "D:\\\u7532.xlsx", "sheet": "a", "rows": [5,6]}'),
        ("TowerSelection.SheetName", (), "texts"),
        ("TowerSelection.VisibleRows", (), "1"),
    ],
)  # fmt: skip
def test_the_macros_answer_in_libreoffice(call: Call, macro: str, words: tuple[Any, ...], answer: Any) -> None:
    assert call(macro, *words) == answer
