"""Saving all or nothing, one writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from macros.hosts import Refused, open_book
from macros.hosts.files import FileBook
from macros.hosts.locks import hold, lock_path
from tests.workbook_files import rich

SAVE = """
import sys
from pathlib import Path
from typing import Any
from macros.hosts.files import FileBook
book = FileBook(Path(sys.argv[1]))
book.append("台账", [[f"行{n}", None, n] for n in range(int(sys.argv[2]))])
{before}
print("就绪", flush=True)
book.save()
"""
ROOT = Path(__file__).parents[1]


def child(path: Path, count: int, before: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SAVE.replace("{before}", before), str(path), str(count)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    limit = f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before)}, {len(before)}))"
    done = child(path, 3000, limit)
    _, errors = done.communicate(timeout=60)
    assert "Refused" in errors.decode()
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["富.xlsx"]


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.2, 0.4])
def test_a_kill_while_saving_leaves_the_old_or_the_new_file(tmp_path: Path, delay: float) -> None:
    path = rich(tmp_path)
    writer = child(path, 20_000)
    assert writer.stdout is not None
    assert writer.stdout.readline().decode().strip() == "就绪"
    try:
        writer.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        writer.kill()
    writer.communicate()
    assert len(open_book(path)[0][0].rows) in (4, 20_004)
    book = FileBook(path)  # the dead writer's lock is taken over
    book.update("台账", {(2, 4): "后来"})
    book.save()
    assert book.sheet("台账").rows[1][3] == "后来"


def test_a_writer_meets_anothers_lock(tmp_path: Path) -> None:
    path = rich(tmp_path)
    book = FileBook(path)
    book.update("台账", {(2, 4): "我"})
    with hold(path), pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK031"
    book.save()
    assert book.sheet("台账").rows[1][3] == "我"
    assert not lock_path(path).exists()


def test_two_writers_cannot_lose_each_others_work(tmp_path: Path) -> None:
    path = rich(tmp_path)
    first, second = FileBook(path), FileBook(path)
    first.append("台账", [["甲写"]])
    second.append("台账", [["乙写"]])
    first.save()
    with pytest.raises(Refused) as caught:
        second.save()
    assert caught.value.finding.code == "WBK033"
    again = FileBook(path)
    again.append("台账", [["乙写"]])
    again.save()
    assert [row[0] for row in again.sheet("台账").rows[4:]] == ["甲写", "乙写"]


RETRY = """
import sys
from pathlib import Path
from typing import Any
from macros.hosts import Refused
from macros.hosts.files import FileBook
for number in range(12):
    while True:
        try:
            book = FileBook(Path(sys.argv[1]))
            book.append("台账", [[f"{sys.argv[2]}{number}"]])
            book.save()
            break
        except Refused as refused:
            assert refused.finding.code in ("WBK031", "WBK033"), refused
"""


def test_two_programs_writing_at_once_lose_no_row(tmp_path: Path) -> None:
    path = rich(tmp_path)
    writers = [subprocess.Popen([sys.executable, "-c", RETRY, str(path), who], cwd=ROOT) for who in "甲乙"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    names = [row[0] for row in FileBook(path).sheet("台账").rows[4:]]
    assert sorted(map(str, names)) == sorted(f"{who}{number}" for who in "甲乙" for number in range(12))


@pytest.mark.parametrize("mark", ["~$富.xlsx", ".~lock.富.xlsx#"])
def test_a_workbook_open_elsewhere_is_not_written(tmp_path: Path, mark: str) -> None:
    path = rich(tmp_path)
    (tmp_path / mark).write_bytes(b"")
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK032"


def test_a_target_held_by_windows_gets_its_new_content_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    real = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError(13, "WinError 32")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK036"
    assert path.read_bytes() == before
    assert open_book(tmp_path / "富.待保存.xlsx")[0][0].rows[1][3] == "x"


def test_a_link_to_the_register_stays_a_link(tmp_path: Path) -> None:
    path = rich(tmp_path)
    link = tmp_path / "快捷.xlsx"
    link.symlink_to(path)
    book = FileBook(link)
    book.update("台账", {(2, 4): "x"})
    book.save()
    assert link.is_symlink()
    assert FileBook(path).sheet("台账").rows[1][3] == "x"


def test_saving_keeps_the_files_mode(tmp_path: Path) -> None:
    path = rich(tmp_path)
    path.chmod(0o640)
    book = FileBook(path)
    book.update("台账", {(2, 4): "x"})
    book.save()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_disk_with_room_for_a_name_only_leaves_no_lock(tmp_path: Path) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); sys.stdout = open('/dev/null', 'w')"
    _, errors = child(path, 1, limit).communicate(timeout=60)
    assert "Refused: " in errors.decode() and "新内容须完整写到磁盘" in errors.decode()
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["富.xlsx"]


def test_a_lock_whose_maker_died_before_signing_it_is_taken_over(tmp_path: Path) -> None:
    path = rich(tmp_path)
    lock_path(path).touch()
    book = FileBook(path)
    book.update("台账", {(2, 4): "我"})
    book.save()
    assert book.sheet("台账").rows[1][3] == "我"
    assert not lock_path(path).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a read-only file is told by its attribute there")
def test_a_read_only_file_is_told_from_one_that_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rich(tmp_path)
    before = path.read_bytes()
    book = FileBook(path)
    book.update("台账", {(2, 4): "我"})
    real = Path.open

    def denied(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if self == path and "+" in mode:  # what a user who is not root meets at a file of mode 444
            raise PermissionError(13, "Permission denied")
        return real(self, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Refused) as caught:
        book.save()
    assert caught.value.finding.code == "WBK080"
    assert path.read_bytes() == before
