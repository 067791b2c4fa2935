"""Workbooks made on the spot: by hand part by part, by openpyxl, by XlsxWriter and by LibreOffice."""

# ruff: noqa: E501 - one thing a line
from __future__ import annotations

import datetime as dt
import importlib
import random
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.proofs.samples import KINDS, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Found = dict[str, list[Path]]
#: Where LibreOffice keeps the tables it ships.
_OFFICE = Path("/usr/lib/libreoffice/share")


def by_us(folder: Path, each: int) -> Found:
    """Each of the ten kinds so often, alone or with others, and strict ones."""
    folder.mkdir(parents=True)
    found: Found = {}
    for at, kind in enumerate(KINDS):
        for number in range(each):
            dice = random.Random(at * 1_000 + number)
            more = dice.sample([one for one in KINDS if one != kind], dice.choice((0, 0, 1, 3, 6))) if number else []
            found.setdefault(kind, []).append(_kept(folder, *workbook(at * 1_000 + number, [kind, *more])))
    for number in range(each):
        found.setdefault("strict", []).append(_kept(folder, *workbook(90_000 + number, [], strict=True)))
    return found


def _kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def by_openpyxl(folder: Path, count: int) -> Found:
    """Charts of all types, rules, choices, notes, protection, two tables on a sheet."""
    import openpyxl
    from openpyxl import chart as charts
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import ColorScaleRule
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.table import Table

    folder.mkdir(parents=True)
    rule: Any = ColorScaleRule
    types = (
        charts.AreaChart, charts.BarChart, charts.LineChart, charts.PieChart, charts.ScatterChart, charts.RadarChart,
        charts.DoughnutChart, charts.BarChart3D, charts.PieChart3D, charts.AreaChart3D, charts.LineChart3D, charts.SurfaceChart,
    )
    found: list[Path] = []
    for number in range(count):
        book = openpyxl.Workbook()
        sheet: Any = book.worksheets[0]
        sheet.append(["编号", "日期", "金额", "公式"])
        for row in range(2, 8 + number):
            sheet.append([f"编号{row}", dt.datetime(2026, 1, 1) + dt.timedelta(days=row), row * 1.25, f"=C{row}*2"])
        drawn: Any = types[number % len(types)]()
        drawn.add_data(charts.Reference(sheet, min_col=3, min_row=1, max_row=7), titles_from_data=True)
        (sheet if number % 2 else book.create_sheet("图")).add_chart(drawn, "G2")
        if number % 3 == 0:
            sheet.add_table(Table(displayName="表1", ref=f"A1:D{sheet.max_row}"))
        if number % 4 == 0:
            choice = DataValidation(type="list", formula1='"甲,乙"')
            choice.add(f"A2:A{sheet.max_row}")
            sheet.add_data_validation(choice)
        if number % 5 == 0:
            sheet.conditional_formatting.add("C2:C9", rule(start_type="min", start_color="FFAA0000", end_type="max", end_color="FF00AA00"))
        if number % 2:
            sheet["A2"].comment = Comment("请核对", "客户代表A")
        sheet.protection.sheet = number % 6 == 0
        sheet.freeze_panes = "A2"
        path = folder / f"openpyxl-{number}.xlsx"
        book.save(path)
        found.append(path)
    return {"openpyxl": found}


def by_xlsxwriter(folder: Path) -> Found:
    """What XlsxWriter can write that openpyxl cannot: sparklines, rich texts, dynamic arrays, boxes, buttons, macros."""
    folder.mkdir(parents=True)
    library = folder / "library"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target", str(library), "XlsxWriter"],
        check=False, capture_output=True,
    )
    if done.returncode:
        return {}
    sys.path.insert(0, str(library))
    try:
        xlsxwriter = importlib.import_module("xlsxwriter")
        return {"XlsxWriter": [_written(xlsxwriter, folder / f"xlsxwriter-{number}.xlsx", number) for number in range(36)]}
    finally:
        sys.path.remove(str(library))


def _written(xlsxwriter: Any, path: Path, number: int) -> Path:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False, "use_future_functions": True})
    sheet, bold = book.add_worksheet("表一"), book.add_format({"bold": True, "num_format": "#,##0.00"})
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    sheet.write_row(0, 0, ["编号", "日期", "金额", "备注"], bold)
    for row in range(1, 12):
        sheet.write(row, 0, f"编号{row}")
        sheet.write_datetime(row, 1, dt.datetime(2026, 2, row), day)
        sheet.write_number(row, 2, row * 3.1, bold)
        sheet.write_rich_string(row, 3, "平", bold, "粗", "平")
    features: list[Callable[[], object]] = [
        lambda: sheet.add_sparkline(1, 5, {"range": "表一!C2:C12"}), lambda: sheet.add_table(0, 0, 11, 3, {"columns": [{"header": h} for h in ("编号", "日期", "金额", "备注")]}),
        lambda: sheet.write_dynamic_array_formula("H2", "=SORT(C2:C12)"), lambda: sheet.insert_textbox(3, 6, "文本框"),
        lambda: sheet.insert_button(5, 6, {"caption": "按钮"}), lambda: sheet.write_comment("A3", "请核对", {"author": "客户代表A"}),
        lambda: sheet.conditional_format("C2:C12", {"type": "icon_set", "icon_style": "3_arrows"}), lambda: sheet.conditional_format("C2:C12", {"type": "data_bar", "data_bar_2010": True}),
        lambda: sheet.data_validation("D2:D12", {"validate": "list", "source": ["甲", "乙"]}), lambda: sheet.autofilter("A1:D12"),
        lambda: sheet.write_array_formula("I2:I3", "{=C2:C3*2}"), lambda: sheet.write_url("J2", "https://example.org/x", string="链接"),
        lambda: sheet.set_row(4, 30, bold, {"level": 1}), lambda: sheet.protect("口令"), lambda: sheet.set_header("&C&A"), lambda: sheet.merge_range("A15:D15", "合计", bold),
        lambda: sheet.insert_checkbox(6, 8, True), lambda: sheet.outline_settings(True, False), lambda: book.define_name("时限", "=表一!$C$2"), lambda: sheet.freeze_panes(1, 0),
    ]
    for feature in random.Random(number).sample(features, 5):
        with suppress(xlsxwriter.exceptions.XlsxWriterException):  # a table over a filter, a merge over a table
            feature()
    if number % 2:
        drawn = book.add_chart({"type": ("column", "line", "pie", "scatter", "area", "radar", "doughnut", "bar")[number // 2 % 8]})
        drawn.add_series({"categories": "=表一!$B$2:$B$12", "values": "=表一!$C$2:$C$12", "trendline": {"type": "linear"} if number % 3 == 0 else None})
        sheet.insert_chart("L2", drawn)
    book.add_worksheet("隐藏").hide()
    book.close()
    return path


def by_libreoffice(folder: Path, others: Found) -> Found:
    """What LibreOffice makes of the tables it ships, and of some of the others."""
    folder.mkdir(parents=True)
    shipped = [path for end in ("ots", "ods") for path in sorted(_OFFICE.rglob(f"*.{end}"))][:30]
    some = [paths[0] for paths in others.values()] + others.get("openpyxl", [])[:10]
    made = [*converted(shipped, folder / "a", "xlsx").values(), *converted(some, folder / "b", "xlsx").values()]
    return {"LibreOffice": sorted(made)} if made else {}


def converted(paths: Iterable[Path], folder: Path, kind: str) -> dict[str, Path]:
    """Each file in another format by LibreOffice, by its stem; what it cannot open is not among them."""
    given = [str(path) for path in paths]
    folder.mkdir(parents=True, exist_ok=True)
    if not given or not shutil.which("soffice"):
        return {}
    profile = (folder / "profile").as_uri()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir", str(folder), *given],
        check=False, capture_output=True, timeout=600,
    )
    end = kind.split(":")[0]
    return {path.stem: path for path in folder.glob(f"*.{end}")}
