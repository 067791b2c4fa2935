"""rollup: a province over its cities' registers, ranked, with the way down to every overdue row."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.analytics.rollup import Province, told
from macros.analytics.rollup_drill import Drill
from macros.analytics.rollup_notes import differing, notes
from macros.analytics.rollup_rows import sheets
from macros.analytics.rollup_shapes import months
from macros.analytics.rollup_summary import summary
from macros.analytics.rollup_words import indicators, readable, rules
from macros.commands import FAILED, Answer, lists
from macros.commands.rollup.book import write_workbook
from macros.commands.rollup.city import Task, read
from macros.commands.rollup.folders import check_apart, registers
from macros.commands.times import moment
from macros.findings import finding
from macros.progress import Cancelled, watched

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from macros.analytics.rollup_notes import Note
    from macros.commands.rollup.city import Read
    from macros.findings import Finding

#: Folders that are not in the roll-up, each with the reason.
Unread = list[tuple[str, "Finding"]]


def rollup(folders: Sequence[Path], out: Path, now: str | None = None, workers: int = 0) -> Answer:
    """Sum up the registers below ``folders`` into 全省汇总.xlsx and a one-page paper; nothing is written in them.

    Args:
        folders: register folders, or folders of them.
        out: where workbook and paper go.
        now: the moment it is, the present when None.
        workers: processes to read with; as many as the machine has processors when 0.

    Raises:
        Refused: ``out`` lies in a city's register, or a worker was lost.
    """
    at = moment(now)
    found, vain = registers([Path(folder) for folder in folders])
    check_apart(out, found)
    try:
        reads = _read_all(found, at, workers)
    except Cancelled as cancelled:
        said = finding("ROL009", done=cancelled.done, count=len(found))
        return Answer({"now": at.isoformat(), "findings": [said.as_json()]}, said.message, FAILED)
    unread: Unread = [(readable(str(folder)), why) for folder, why in vain]
    unread += [(readable(each.folder), each.refused) for each in reads if each.refused]
    cities = sorted((each.city for each in reads if each.city), key=lambda city: (city.name, city.folder))
    if not cities:
        findings = [*(why for _, why in unread), finding("ROL004", count=len(found))]
        return lists.vain({"now": at.isoformat()}, findings)
    province = Province(cities, told(cities))
    remarks = notes(province, unread, f"{at:%Y-%m-%d %H:%M}", sum(len(city.late) for city in cities))
    findings = [*(_told(folder, why) for folder, why in unread), *_remarked(remarks)]
    findings += _write(province, remarks, unread, out, at)

    def data() -> dict[str, Any]:
        return _json(province, remarks, unread, out, at) | {"findings": [said.as_json() for said in findings]}

    return Answer(data, lists.whole(_lines(province, out, at), findings), lists.status(findings))


def _read_all(found: Sequence[Path], at: dt.datetime, workers: int) -> list[Read]:
    """Every register read, in order, with so many processes.

    Raises:
        Cancelled: the user has had enough; nothing is written.
    """
    from generator.hands import Line
    from macros.commands.crews import crew

    most = max(rules()["listed"] // max(len(found), 1), 1)
    tasks = [(folder.name, Task(str(folder), at, most)) for folder in found]
    with crew(max(min(workers or os.cpu_count() or 1, len(found)), 1)) as hands:
        line = Line(hands, read)
        reads = watched(line.results(tasks), len(tasks), lambda done: f"汇总 {done[0]}", unit="市")
        return [each for _, each in reads]


def _told(folder: str, why: Finding) -> Finding:
    """Why a folder is not in the roll-up, naming it."""
    return why if why.code in ("ROL001", "ROL002") else finding("ROL005", value=folder, why=why.message.rstrip("。"))


def _remarked(remarks: Sequence[Note]) -> list[Finding]:
    """One finding for each kind of remark that calls for care; the workbook tells them one by one."""
    named = {
        "ROL006": differing(remarks),
        "ROL007": list(dict.fromkeys(note.city for note in remarks if note.kind == "missing")),
        "ROL008": list(dict.fromkeys(note.city for note in remarks if note.kind == "same")),
    }
    from macros.analytics.rollup_summary import listed

    book = rules()["workbook"]["file"]
    return [
        finding(code, value=listed(names, rules()["named"]), workbook=book) for code, names in named.items() if names
    ]


def _write(province: Province, remarks: Sequence[Note], unread: Unread, out: Path, at: dt.datetime) -> list[Finding]:
    """Write workbook and paper."""
    from macros.analytics.rollup_paper import tables
    from macros.commands.rollup.paper import write_paper

    out.mkdir(parents=True, exist_ok=True)
    files = rules()["workbook"]
    drill = Drill(province, [_way(city.folder, out) for city in province.cities])
    findings = write_workbook(out / files["file"], files["title"], sheets(province, remarks, drill))
    printed = tables(province, at.date(), [Path(folder).name for folder, _ in unread], differing(remarks))
    return findings + write_paper(out / files["paper"], printed, rules()["settings"], at)


def _way(folder: str, out: Path) -> str:
    """From the workbook's folder to a city's, as links want it; the whole path where there is no way (another disk)."""
    try:
        return readable(Path(os.path.relpath(Path(folder).resolve(), out.resolve())).as_posix())
    except ValueError:
        return readable(Path(folder).resolve().as_posix())


def _json(
    province: Province, remarks: Sequence[Note], unread: Unread, out: Path, at: dt.datetime,
) -> dict[str, Any]:
    names = months(at.date())
    files = rules()["workbook"]
    return {
        "now": at.isoformat(), "first": names[0], "last": names[-1],
        "province": {
            "sums": {name: str(value) for name, value in sorted(province.period.items())},
            "indicators": {
                line.indicator.id: {
                    "title": line.indicator.title, "value": line.whole.words(), "over": str(line.whole.over),
                    "under": str(line.whole.under), "this_month": line.this, "last_month": line.before,
                    "placed": line.placed,
                } for line in summary(province)
            },
        },
        "cities": [
            {
                "name": name, "folder": readable(city.folder), "basis": dict(city.basis),
                "sums": {one: str(value) for one, value in sorted(city.period.items())},
                "indicators": {
                    each.id: {
                        "value": place.measure.words(), "over": str(place.measure.over),
                        "under": str(place.measure.under), "place": place.place, "small": place.measure.small,
                    } for each in indicators() for place in [province.ranking[each.id][number]]
                },
            } for number, (name, city) in enumerate(zip(province.names, province.cities, strict=True))
        ],
        "unread": [{"folder": folder, "finding": why.as_json()} for folder, why in unread],
        "notes": [note._asdict() for note in remarks],
        "written": [str(out / files["file"]), str(out / files["paper"])],
    }


def _lines(province: Province, out: Path, at: dt.datetime) -> list[str]:
    files = rules()["workbook"]
    lines = [f"截至 {at:%Y-%m-%d %H:%M}，汇总 {len(province.cities)} 个市："]
    for line in summary(province):
        ends = "；".join(f"{word} {names}" for word, names in (("最好", line.best), ("最后", line.worst)) if names)
        lines.append(f"  {line.indicator.title} {line.whole.words()}" + (f"（{ends}）" if ends else ""))
    lines.append(f"排名、下钻和趋势图见《{out / files['file']}》，通报见《{out / files['paper']}》。")
    return lines
