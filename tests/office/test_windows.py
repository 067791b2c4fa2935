"""The small windows on a real screen, answered by mouse and keys: questions, messages, and progress that can be stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from addin.window import Window, job_window
from macros.progress import Cancelled, Pace, reporting, watched
from tests.city import City, copied
from tests.office.display import Display, until
from tests.office.display import display as display  # the fixture

pytestmark = pytest.mark.office

PAPERS = [
    ("3.4", "3.4 需求订单确认表", True, ""), ("3.2", "3.2 筛查初步方案确认表", True, ""),
    ("3.3", "3.3 站址筛查任务书", False, "需求收集表尚未签署"),
]


@contextmanager
def asking(display: Display, title: str, call: str) -> Iterator[list[Any]]:
    """Ask in a process of its own; the block answers, and what the call returned is in the list after it."""
    # Without a window manager Tk loses the keys of a window that comes up under the pointer.
    display.xdotool("mousemove", 1, 1)
    code = f"import json; from addin import dialogs; print(json.dumps(dialogs.{call}))"
    asked = subprocess.Popen([sys.executable, "-c", code], env=display.env, stdout=subprocess.PIPE)
    answer: list[Any] = []
    try:
        display.await_window(title)
        yield answer
        told, _ = asked.communicate(timeout=20)
        answer.append(json.loads(told))
    finally:
        asked.kill()


def test_papers_are_ticked_with_the_space_bar_and_accepted_with_return(display: Display) -> None:
    with asking(display, "本行单据", f"choose('本行单据', {PAPERS!r})") as answer:
        display.keys("space", "Down", "space", "Return")
    assert answer == [["3.4", "3.2"]]


def test_a_paper_that_is_not_ready_cannot_be_ticked(display: Display) -> None:
    with asking(display, "本行单据", f"choose('本行单据', {PAPERS!r})") as answer:
        display.keys("Down", "Down", "space", "Return", "Escape")
    assert answer == [[]]


def test_a_question_closed_with_escape_has_no_answer(display: Display) -> None:
    with asking(display, "本行单据", f"choose('本行单据', {PAPERS!r})") as answer:
        display.keys("space", "Escape")
    assert answer == [[]]


def test_one_of_several_is_picked_with_the_arrow_keys(display: Display) -> None:
    with asking(display, "为何此日", "ask_choice('为何此日', [('K04', 'K04 订单'), ('K05', 'K05 共享')])") as answer:
        display.keys("Down", "Return")
    assert answer == ["K05"]


def test_a_text_is_typed_over_its_default(display: Display) -> None:
    with asking(display, "试改日期", "ask_text('试改日期', '改为哪一天？', '2026-11-20')") as answer:
        display.type("2026-12-01")
        display.keys("Return")
    assert answer == ["2026-12-01"]


def test_a_message_is_answered_by_its_first_button(display: Display) -> None:
    with asking(display, "检查台账", "tell('检查台账', '《需求台账》需求 F12：请核对。', ['转到单元格', '关闭'])") as answer:
        display.keys("Return")
    assert answer == ["转到单元格"]


def test_a_message_is_closed_with_escape(display: Display) -> None:
    with asking(display, "检查台账", "tell('检查台账', '没有问题。', ['转到单元格', '关闭'])") as answer:
        display.keys("Escape")
    assert answer == ["关闭"]


def test_papers_are_ticked_with_the_mouse_and_those_not_ready_stay_as_they_are(display: Display) -> None:
    with asking(display, "本行单据", f"choose('本行单据', {PAPERS!r})") as answer:
        left, top, _, _ = display.area(display.window("本行单据"))
        for row in (0, 1, 2, 0):  # the third is not ready, and the first is ticked and cleared again
            display.click(left + 60, top + 30 + 30 * row)
        display.keys("Return")
    assert answer == [["3.2"]]


def test_a_message_is_answered_with_the_mouse(display: Display) -> None:
    with asking(display, "检查台账", "tell('检查台账', '没有问题。', ['转到单元格', '关闭'])") as answer:
        left, top, width, height = display.area(display.window("检查台账"))
        display.click(left + width - 60, top + height - 30)
    assert answer == ["关闭"]


LONG = [(f"f{number}", f"3.{number} paper", number % 4 > 0, "") for number in range(40)]


def test_a_row_of_a_long_list_is_found_by_typing(display: Display) -> None:
    with asking(display, "全部单据", f"choose('全部单据', {LONG!r})") as answer:
        display.type("3.37")
        display.keys("Down", "space", "Return")
    assert answer == [["f37"]]


def test_a_search_that_finds_nothing_can_be_corrected(display: Display) -> None:
    with asking(display, "全部单据", f"choose('全部单据', {LONG!r})") as answer:
        display.type("zz")
        display.keys("Return", "BackSpace", "BackSpace", "Down", "space", "Return")
    assert answer == [["f1"]]  # f0 is not ready: the keys begin at the first row that is


CALLS = ["choose('t', [])", "ask_choice('t', [])", "ask_text('t', 'p')", "ask_files('t', 'import')", "ask_folder('t')", "tell('t', 'x')"]


def refusal(call: str, **environment: str) -> str:
    """The code of the refusal that a call ends with in a process of its own."""
    code = f"from addin import dialogs\ntry: dialogs.{call}\nexcept Exception as e: print(e.finding.code)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, timeout=20, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("call", CALLS)
def test_a_python_without_tkinter_is_refused_with_the_cure(call: str, tmp_path: Path) -> None:
    (tmp_path / "tkinter.py").write_text("raise ImportError", encoding="utf-8")
    assert refusal(call, PYTHONPATH=str(tmp_path)) == "ADD405"


def test_a_session_without_a_screen_is_refused() -> None:
    assert refusal("ask_text('t', 'p')", DISPLAY=":4711") == "ADD406"


@pytest.fixture
def on_screen(display: Display, monkeypatch: pytest.MonkeyPatch) -> Display:
    monkeypatch.setenv("DISPLAY", display.name)
    display.xdotool("mousemove", 1, 1)
    return display


def test_work_goes_on_until_the_window_is_told_to_stop(on_screen: Display) -> None:
    begun: list[int] = []
    with pytest.raises(Cancelled) as cancelled, job_window("今日应出", Path("/tmp")) as window, reporting(window):
        for number in watched(range(10_000), 10_000, "生成 附表3.4", unit="份"):
            begun.append(number)
            if number == 0:
                on_screen.await_window("今日应出")
                on_screen.keys("Return")  # 取消 is in focus
            elif window.cancelled:
                continue
            else:
                threading.Event().wait(0.02)
    assert 0 < len(begun) < 10_000
    assert (cancelled.value.done, cancelled.value.left) == (len(begun), 10_000 - len(begun))
    until(lambda: not on_screen.window("今日应出"), "the window goes")


def test_the_folder_is_opened_while_the_work_goes_on(
    on_screen: Display, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    opener, told = tmp_path / "bin" / "xdg-open", tmp_path / "told"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{told}"\n', encoding="utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=os.pathsep)
    folder = tmp_path / "单据 甲"
    folder.mkdir()
    with job_window("今日应出", folder) as window:
        on_screen.await_window("今日应出")
        on_screen.keys("Tab", "space")
        until(lambda: told.exists() and told.read_text(encoding="utf-8"), "the folder is opened")
        assert not window.cancelled
    assert told.read_text(encoding="utf-8").strip() == str(folder)


def test_work_that_is_soon_done_shows_no_window(on_screen: Display) -> None:
    with job_window("今日应出", Path("/tmp"), after=60) as window, reporting(window):
        assert list(watched(range(50), 50, "生成")) == list(range(50))
    assert window._shown is None


def test_a_window_that_comes_up_late_tells_how_far_the_work_is_and_can_stop_it(on_screen: Display) -> None:
    with job_window("今日应出", Path("/tmp"), after=0.1) as window:
        window(Pace("生成", 3, 70, "份", 1.0))
        on_screen.await_window("今日应出")
        on_screen.keys("Escape")
        until(lambda: window.cancelled, "the work is told to stop")


def test_escape_stops_as_the_button_does(on_screen: Display) -> None:
    with job_window("今日应出", Path("/tmp")) as window:
        on_screen.await_window("今日应出")
        on_screen.keys("Escape")
        until(lambda: window.cancelled, "the work is told to stop")


def test_without_a_screen_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    with job_window("今日应出", Path("/tmp")) as window, reporting(window):
        assert list(watched(range(50), 50, "生成")) == list(range(50))


def test_a_window_that_was_killed_does_not_stop_the_work(on_screen: Display) -> None:
    window = Window("今日应出", Path("/tmp"))
    on_screen.await_window("今日应出")
    assert window._shown is not None
    window._shown.kill()
    window._shown.wait()
    window(Pace("生成", 3, 70, "份", 1.0))
    window.close()
    assert not window.cancelled


def test_papers_made_before_the_stop_are_kept_and_entered(on_screen: Display, city: City, tmp_path: Path) -> None:
    from macros.commands import command
    from macros.commands.shelf import Shelf

    folder = copied(city.folder, tmp_path)
    known = len(Shelf(folder).register().rows("document"))

    class Impatient(Window):
        """Told to stop as soon as three papers lie in the folder."""

        @property
        def cancelled(self) -> bool:
            return len(list(papers.rglob("*.docx"))) >= 3

        @cancelled.setter
        def cancelled(self, value: bool) -> None:
            """The button is not pressed."""

    papers = tmp_path / "单据"
    window = Impatient("今日应出", folder)
    try:
        on_screen.await_window("今日应出")
        with reporting(window):
            answer = command("form")(form="3.1", keys=[], every=True, folder=folder, out=papers, now="2026-11-21T09:00")
    finally:
        window.close()
    made = answer.data["documents"]
    assert answer.status == 1
    assert "已取消" in answer.text
    assert len(made) >= 3
    assert sorted(str(path) for path in papers.rglob("*.docx")) == sorted(row["file"] for row in made)
    assert len(Shelf(folder).register().rows("document")) == known + len(made)
