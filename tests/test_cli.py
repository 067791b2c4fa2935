"""The command line as a shell sees it: exit statuses, the two streams, Chinese everywhere, nothing written elsewhere."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from macros.cli import main
from macros.commands import COMMANDS
from macros.hosts.saving import replace_file
from tests.city import NOWS, ROOT, SAMPLES, City, contents, copied, enter

BAD_ROW = """
## 需求
| 需求编号 | 运营商 | 地市 |
| XQ-1 | 移动 | 澜江 |
"""


def chinese(text: str) -> bool:
    return bool(re.search(r"[一-龥]", text))


def shell(*words: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, away from the project's folder."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-m", "macros.cli", *map(str, words)], cwd=cwd, capture_output=True, timeout=60, check=False,
        env=plain | {"PYTHONPATH": str(ROOT)} | environment,
    )


def test_done_is_0_findings_1_could_not_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--register", str(folder), "--now", NOWS[0]]) == 0
    enter(folder, BAD_ROW)
    assert main(["check", "--register", str(folder), "--now", NOWS[0]]) == 1
    capsys.readouterr()
    assert main(["check", "--register", str(folder / "没有"), "--now", NOWS[0]]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "没有任何一本台账" in err and "towerdesk init" in err


@pytest.mark.parametrize(
    "words",
    [
        ["check"], ["board"], ["forms"], ["forms", "XQ-YD-0001"], ["lint"], ["explain", "XQ-YD-0001", "K05"],
        ["preview", "XQ-YD-0001", "需求收集表签署日期", "2026-11-23"], ["form", "3.1", "XQ-YD-0001"],
        ["import", str(SAMPLES / "故障与投诉.xlsx")], ["import", "没有这个文件.xlsx"], ["workdays", "add", "2026-11-20", "30"],
        ["workdays", "between", "2026-11-20", "2026-12-04"], ["workdays", "show", "2026"],
    ],
    ids=lambda words: "-".join(words[:2])[:30],
)
def test_json_is_one_object_on_standard_output_and_nothing_else(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str],
) -> None:
    folder = copied(city.folder, tmp_path)
    now = [] if words[0] == "workdays" else ["--now", NOWS[0]]
    status = main([*words, "--register", str(folder), *now, "--json"])
    out, _ = capsys.readouterr()
    assert status in (0, 1)
    assert isinstance(json.loads(out), dict)
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "XQ-YD-0001", "K99"], ["explain", "没有", "K05"], ["preview", "XQ-YD-0001", "没有", "2026-11-23"], ["form", "9.9", "X"],
        ["form"], ["form", "3.1"], ["forms", "没有"], ["board", "--now", "昨天"], ["lint", "没有.docx"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_in_chinese_on_standard_error(
    city: City, capsys: pytest.CaptureFixture[str], words: list[str],
) -> None:
    assert main([*words, "--register", str(city.folder)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and chinese(err)
    assert "Traceback" not in err and "程序内部错误" not in err and "没有料到" not in err


def test_a_refusal_with_json_is_an_object_with_the_finding_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--register", str(tmp_path), "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] == "CMD001"
    assert chinese(err)


def test_a_date_the_calendar_does_not_know_is_an_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workdays", "add", "1990-01-01", "3", "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] and "2004-01-01" in err


@pytest.mark.parametrize(
    "words",
    [["没有这个命令"], [], ["form", "3.1", "XQ-1", "--没有"], ["workdays"], ["workdays", "add", "2026-11-20"], ["workdays", "add", "2026-11-20", "三"], ["explain", "XQ-1"], ["import"], ["board", "--now"]],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_a_call_written_wrongly_is_explained_in_chinese(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    out, err = capsys.readouterr()
    assert stopped.value.code == 2 and out == ""
    assert err.startswith("命令写法不对") and "用法" in err
    told = err.splitlines()[0]
    assert not re.search(r"\b(the|following|arguments?|required|expected|invalid|choose|unrecognized|value)\b", told)


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["form", "-h"], ["workdays", "-h"], ["workdays", "import", "-h"]], ids=" ".join)
def test_help_is_in_chinese(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    out, _ = capsys.readouterr()
    assert stopped.value.code == 0 and chinese(out)
    assert not re.search(r"\b(positional|options|show this|usage|optional)\b", out)


def test_a_shell_without_chinese_still_gets_chinese_in_utf8(tmp_path: Path) -> None:
    done = shell("workdays", "add", "2026-11-20", "30", cwd=tmp_path, LANG="C", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "2026-11-20 后第 30 个工作日是 2027-01-04（暂定" in done.stdout.decode("utf-8")


def test_the_current_folder_is_the_register_when_none_is_named(folder: Path) -> None:
    done = shell("check", "--json", "--now", NOWS[0], cwd=folder)
    assert (done.returncode, list(json.loads(done.stdout))) == (0, ["findings"])


def test_nothing_is_written_outside_the_register_and_out(city: City, tmp_path: Path) -> None:
    folder = copied(city.folder, tmp_path)
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    home, out = tmp_path / "home", tmp_path / "出件"
    home.mkdir()
    there = ("--register", folder, "--now", NOWS[0])
    calls: list[tuple[Any, ...]] = [
        ("import", SAMPLES / "客户与联系人.xlsx", *there), ("check", *there), ("board", *there),
        ("form", "3.1", "XQ-YD-0001", "--out", out, *there), ("lint", *there),
    ]
    before = contents(SAMPLES)
    statuses = [shell(*words, cwd=elsewhere, HOME=str(home)).returncode for words in calls]
    assert statuses == [0, statuses[1], 0, 0, 0]
    assert not list(elsewhere.rglob("*")) and not list(home.rglob("*"))
    assert contents(SAMPLES) == before
    assert [path.suffix for path in out.rglob("*") if path.is_file()] == [".docx"]
    assert not list((folder / "单据").rglob("*.docx"))


def test_no_work_file_is_left_in_the_register(city: City) -> None:
    left = [path.name for path in city.folder.iterdir() if path.name.startswith((".", "~"))]
    assert left == []


def test_a_reader_that_stops_early_sees_no_traceback(tmp_path: Path) -> None:
    line = f'"{sys.executable}" -m macros.cli workdays show 2026 --json | head -c 10'
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ('{"year": 2', "")


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "workdays", "add", "2026-11-20", "30"], ["workdays", "--json", "add", "2026-11-20", "30"],
        ["workdays", "add", "--json", "2026-11-20", "30"], ["workdays", "add", "2026-11-20", "30", "--now", "2026-11-21", "--json"],
        ["--now=2026-11-21", "workdays", "add", "2026-11-20T18:00", "30", "--json"],
    ],
    ids=" ".join,
)
def test_options_may_stand_anywhere_in_a_call(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == {"due": "2027-01-04", "provisional": True}


def test_a_register_may_be_named_by_one_of_its_workbooks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--register", str(folder / "需求台账.xlsx"), "check", "--json", "--now", NOWS[0]]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["findings"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["没有这个命令"], "没有“没有这个命令”"), (["chek"], "可用：check"), (["check", "--register", ""], "文件夹名是空的"),
        (["board", "--registr", "x"], "不认识 --registr x"), ([], "缺少命令"),
        (["sites", "--out", __file__], "是文件，不是文件夹"), (["form", "3.1", "XQ-1", "--out", ""], "文件夹名是空的"),
    ],
)
def test_a_wrong_call_is_an_object_too_where_json_is_wanted(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str,
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--json"])
    out, err = capsys.readouterr()
    [finding] = json.loads(out)["findings"]
    assert (stopped.value.code, finding["code"], finding["severity"]) == (2, "CMD021", "error")
    assert said in finding["message"] and said in err


def test_the_usage_shown_is_that_of_the_command_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["board", "--registr", "x"])
    assert "用法：towerdesk board [-h] [--register DIR]" in capsys.readouterr().err


def test_a_fault_of_ours_is_an_object_without_a_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(COMMANDS, "check", "no_such_module:check")
    assert main(["check", "--register", str(folder), "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] == "CMD010"
    assert "Traceback" not in err and "程序没有料到" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system with a device that is always full")
def test_a_result_that_cannot_be_printed_is_not_a_success(tmp_path: Path) -> None:
    line = f'"{sys.executable}" -m macros.cli workdays show 2026 --json > /dev/full'
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "磁盘已满" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "told to end"])
def test_a_command_that_is_stopped_says_so_and_leaves_no_work_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: signal.Signals,
) -> None:
    def stopped_while_writing(**_: object) -> None:
        def half(file: IO[bytes]) -> None:
            file.write(b"half")
            signal.raise_signal(number)

        replace_file(tmp_path / "file", half, lambda path: None)

    monkeypatch.setattr("macros.cli.command", lambda name: stopped_while_writing)
    # Started in the background, this process may have been told to ignore one, and keeps ignoring it.
    before = signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    try:
        assert main(["check", "--json"]) == 2
    finally:
        signal.signal(number, before)
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] == "CMD022"
    assert err.startswith("命令可以随时停止；已取消") and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["board", "--now", "9999-12-31"], "CMD026"), (["form", "--due", "--now", "0001-01-01"], "CMD026"),
        (["check", "--now", ""], "CMD005"), (["board", "--now", "2026-02-30"], "CMD005"), (["care", "--days", "999999999"], "WRK053"),
        (["check", "--register", "长" * 5000], "CMD001"), (["merge", "长" * 5000, "乙"], "HIS023"), (["lint", "长" * 5000], "CMD013"),
    ],
    ids=lambda words: " ".join(words)[:20] if isinstance(words, list) else words,
)
def test_impossible_days_and_names_are_refused_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: str,
) -> None:
    there = [] if "--register" in words else ["--register", str(folder)]
    now = [] if "--now" in words else ["--now", NOWS[0]]
    assert main([*words, *there, *now, "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"][0]["code"] == code
    assert chinese(err)


@pytest.mark.parametrize("now", ["2026-11-21 09:00", "2026-11-21T01:00Z", "2026-11-21T09:00+08:00", "2026年11月21日 9:00", "2026/11/21 上午9:00"])
def test_a_moment_may_be_written_as_in_a_cell(folder: Path, capsys: pytest.CaptureFixture[str], now: str) -> None:
    assert main(["board", "--register", str(folder), "--now", now, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["now"] == "2026-11-21T09:00:00"
