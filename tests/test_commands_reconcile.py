"""reconcile on the sample city: what was counted independently, the files it writes, and what it remembers."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from macros.billing.movement import Step
from macros.billing.records import Charge
from macros.commands import Answer
from macros.reconcile.forward import forward
from tests.city import NOWS, SAMPLES, City, contents, expected, look, run
from tests.office_parts import amiss
from tests.papers import text

MONTH, OPERATORS = "2026-10", ("移动", "联通", "电信")


def ledger(operator: str) -> Path:
    return SAMPLES / f"{operator}账单_202610.xlsx"


def reconcile(folder: Path, path: Path, out: Path, **options: Any) -> Answer:
    return run("reconcile", MONTH, path, folder, out, now=NOWS[0], **options)


@pytest.fixture(scope="module")
def home(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample city's register."""
    return shutil.copytree(city.folder, tmp_path_factory.mktemp("reconcile") / "台账")


@pytest.fixture(scope="module")
def answers(home: Path) -> dict[str, Answer]:
    return {operator: reconcile(home, ledger(operator), home.parent / "对账") for operator in OPERATORS}


def test_neither_word_nor_excel_would_have_to_mend_what_is_left(answers: dict[str, Answer]) -> None:
    made = answers[OPERATORS[0]].data
    files = [Path(file) for file in (*made["files"], *(row["file"] for row in made["documents"]))]
    assert [path.suffix for path in files] == [".xlsx", ".docx", ".docx"]
    assert amiss(files) == []


def money(causes: list[dict[str, str]]) -> dict[str, Decimal]:
    sums: Counter[str] = Counter()
    for one in causes:
        sums[one["cause"]] += Decimal(one["amount"])  # type: ignore[assignment]
    return dict(sums)  # type: ignore[arg-type]


@pytest.mark.parametrize("operator", OPERATORS)
def test_totals_lines_and_causes_are_those_counted_independently(answers: dict[str, Answer], operator: str) -> None:
    made, counted = answers[operator].data, expected(f"reconcile_{MONTH}_{operator}")
    names = ("ours", "theirs", "difference", "unexplained")
    assert {name: made[name] for name in names} == {name: counted[name] for name in names}
    differing = {line["key"]: line for line in made["lines"] if line["causes"]}
    assert {key: money(line["causes"]) for key, line in differing.items()} == {
        line["key"]: money(line["causes"]) for line in counted["lines"]
    }
    assert {one["cause"]: one["lines"] for one in made["causes"]} == {one["cause"]: one["lines"] for one in counted["causes"]}
    assert answers[operator].status == 1


@pytest.mark.parametrize("operator", OPERATORS)
def test_lines_without_a_number_are_matched_by_site_and_say_so(answers: dict[str, Answer], operator: str) -> None:
    by_site = {line["key"] for line in answers[operator].data["lines"] if line["match"]["by"] == "site"}
    assert by_site == set(expected(f"reconcile_{MONTH}_{operator}")["matched_by_site"])


@pytest.mark.parametrize("operator", OPERATORS)
def test_last_month_and_the_changes_make_this_month(answers: dict[str, Answer], operator: str) -> None:
    (rolled,) = answers[operator].data["forward"]
    first, *steps, last = rolled["steps"]
    assert rolled["ties"]
    assert sum(step["lines"] for step in [first, *steps]) == last["lines"]
    assert sum(Decimal(step["amount"]) for step in [first, *steps]) == Decimal(last["amount"])


def test_the_workbook_shows_both_sides_with_filters_and_colours(answers: dict[str, Answer]) -> None:
    (file,) = answers["移动"].data["files"]
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["对账汇总", "逐行对照", "差异原因", "匹配"]
    sheet = book["逐行对照"]
    assert sheet.auto_filter.ref == f"A1:AF{sheet.max_row}"
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    sums = [sum(Decimal(str(row[name].value)) for row in rows) for name in ("我方金额", "对方金额", "差异")]
    assert list(map(str, sums)) == ["484895.84", "493468.59", "-8572.75"]
    (stale,) = [row for row in rows if row["确认单编号"].value == "QR2015000293"]
    assert (stale["我方月末户数"].value, stale["对方户数"].value, stale["对账结果"].value) == (2, 1, "共享用户数不同")
    rules = {rule.formula[0]: rule.dxf.fill.bgColor.rgb for held in sheet.conditional_formatting for rule in held.rules}
    assert rules['LEFT($B2,7)="共享用户数不同"'] == "00C6E0B4"
    assert 'AND($S2<>"",$T2<>"",$S2<>$T2)' in rules
    assert (heads[18], heads[19]) == ("我方月末户数", "对方户数")


def test_the_letter_states_the_totals_and_every_line(home: Path, answers: dict[str, Answer]) -> None:
    (letter, confirmation) = [text(Path(one["file"]).read_bytes()) for one in answers["联通"].data["documents"]]
    assert "中国联通澜江分公司" in letter
    assert "450,961.25元" in letter and "458,877.32元" in letter and "-7,916.07元" in letter
    assert all(line["key"] in letter for line in expected(f"reconcile_{MONTH}_联通")["lines"])
    assert "铁塔侧低7,916.07元" in confirmation and "盖章" in confirmation
    names = [row["名称"] for row in look(home, "单据") if "联通" in str(row["台账行"])]
    assert names == ["对账差异函", "对账确认书"]


def test_the_same_list_again_makes_no_new_papers(home: Path, answers: dict[str, Answer]) -> None:
    again = reconcile(home, ledger("移动"), home.parent / "对账")
    assert [one["number"] for one in again.data["documents"]] == [one["number"] for one in answers["移动"].data["documents"]]


def test_nothing_is_written_but_results_and_the_document_register(city: City, home: Path, answers: dict[str, Answer]) -> None:
    assert answers
    changed = {name for name, data in contents(home).items() if contents(city.folder).get(name) != data}
    assert changed == {"单据登记簿.xlsx"}


def test_matches_by_site_are_remembered_once_accepted(city: City, tmp_path: Path) -> None:
    folder = shutil.copytree(city.folder, tmp_path / "台账")
    first = reconcile(folder, ledger("移动"), tmp_path / "对账", accept=True)
    kept = [(row["版式"], row["台账列"]) for row in look(folder, "列映射")]
    by_site = expected(f"reconcile_{MONTH}_移动")["matched_by_site"]
    assert sorted(kept) == sorted(("对账匹配 移动", key) for key in by_site)
    assert [one["code"] for one in first.data["findings"] if one["code"].startswith("REC")] == ["REC012"]
    again = reconcile(folder, ledger("移动"), tmp_path / "对账", accept=True)
    assert Counter(line["match"]["by"] for line in again.data["lines"])["remembered"] == 4
    assert len(look(folder, "列映射")) == 4
    assert again.data["difference"] == first.data["difference"]


def test_another_layout_as_text_in_gb18030_gives_the_same_answer(home: Path, answers: dict[str, Answer], tmp_path: Path) -> None:
    """Other headings in another order, one heading row, rows reversed, no title, no totals."""
    rows = list(openpyxl.load_workbook(ledger("电信")).worksheets[0].iter_rows(min_row=3, values_only=True))
    heads = [below or above for above, below in zip(rows[0], rows[1], strict=True)]
    called = {
        "产品业务确认单编号": "确认单号", "服务起始日期": "起租日", "产品单元数": "单元数", "期末共享用户数": "共享户数", "站址编码": "站点编码",
        "共享后基准价格": "基准价格（折后）", "产品服务费合计(不含税)": "本月应付合计（元，不含税）", "场地费": "场地费（元/年）", "场地费折后": "场地费（元/月）",
    }
    order = sorted(range(len(heads)), key=lambda place: str(heads[place])[::-1])
    path = tmp_path / "电信.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        made = csv.writer(file)
        made.writerow([called.get(str(heads[place]), heads[place]) for place in order])
        made.writerows([[row[place] for place in order] for row in reversed(rows[2:-3])])
    again = reconcile(home, path, tmp_path)
    wanted = answers["电信"].data
    assert {name: again.data[name] for name in ("ours", "theirs", "causes")} == {name: wanted[name] for name in ("ours", "theirs", "causes")}
    amounts = [[(line["key"], line["ours"], line["theirs"], money(line["causes"])) for line in one["lines"]] for one in (again.data, wanted)]
    assert amounts[0] == amounts[1]


def test_a_customers_county_is_compared_alone(home: Path, tmp_path: Path) -> None:
    """The list holds all counties: what is not of the customer's own is more than we charge it."""
    made = reconcile(home, ledger("移动"), tmp_path, customer="中国移动澜江市澜北区分公司").data
    assert [Path(file).name for file in made["files"]] == ["中国移动澜江市澜北区分公司对账_2026-10.xlsx"]
    assert (made["ours"], made["theirs"], made["forward"][0]["ties"]) == ("98326.95", "493468.59", True)


@pytest.mark.parametrize(("file", "month", "code"), [
    ("起租清单.xlsx", MONTH, "REC002"), ("移动账单_202610.xlsx", "2026-09", "REC006"), ("移动账单_202610.xlsx", "2026-13", "BIL024"),
])
def test_what_cannot_be_compared_is_refused_with_its_reason(home: Path, tmp_path: Path, file: str, month: str, code: str) -> None:
    from macros.cli import run as called

    answer = called("reconcile", {"month": month, "ledger": SAMPLES / file, "folder": home, "out": tmp_path / "对账", "now": NOWS[0]})
    assert (answer.status, [one["code"] for one in answer.data["findings"]]) == (2, [code])
    assert not (tmp_path / "对账").exists()


def test_an_operator_without_leases_is_refused(folder: Path, tmp_path: Path) -> None:
    from macros.cli import run as called

    answer = called("reconcile", {"month": MONTH, "ledger": ledger("移动"), "folder": folder, "out": tmp_path, "now": NOWS[0]})
    assert (answer.status, [one["code"] for one in answer.data["findings"]]) == (2, ["REC013"])


# ---- Rolling forward, worked by hand


def charge(key: str, amount: str, how: str) -> Charge:
    return Charge(key, "移动", "S", {"base": Decimal(amount)}, how)


def test_each_change_from_month_to_month_is_of_one_kind() -> None:
    """100+200+300 = 600 in September, 120+300+40+62 = 522 in October: +62 new, −200 ended, +20 tenants, +40 runs."""
    before = [charge("A", "100", "0901-0930/1"), charge("B", "200", "0901-0930/1"), charge("C", "300", "0901-0930/1")]
    after = [
        charge("A", "120", "1001-1016/1 1017-1031/2"), charge("C", "300", "1001-1031/1"), charge("D", "62", "1011-1031/1"),
        Charge("R1", "移动", "S", {"run": Decimal("40")}),
    ]
    moved = [
        Step("移动", "A", "sharing", Decimal("20")), Step("移动", "B", "ended", Decimal("-200")), Step("移动", "D", "new", Decimal("62")),
    ]
    made = forward(MONTH, moved, before, after, ("2026-09", 3, Decimal("600")), (4, Decimal("522")))
    assert [(step.title, step.lines, str(step.amount)) for step in made.steps] == [
        ("新增起租", 1, "62.00"), ("停租、到期", -1, "-200.00"), ("共享情况变化", 0, "20.00"), ("油机按次", 1, "40.00"),
    ]
    assert made.ties


def test_a_statement_that_is_not_what_its_lines_make_does_not_tie() -> None:
    held = [charge("A", "100", "0901-0930/1")]
    assert not forward(MONTH, [], held, held, ("2026-09", 1, Decimal("100")), (1, Decimal("99"))).ties
    assert not forward(MONTH, [], held, held, ("2026-09", 1, Decimal("100")), (2, Decimal("100"))).ties
