"""Word's own export to PDF, on Windows with Word: one Word for all files. Not tested with a real Word."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from generator.pdf_limits import limits
from macros.findings import Finding, finding
from macros.hosts import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SCRIPT = Path(__file__).parent / "pdf_word.ps1"


def find_word() -> Path | None:
    """PowerShell, where it can ask a Word on this machine; None elsewhere."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Word.Application\CLSID"))
    except OSError:
        return None
    found = shutil.which("powershell")
    return Path(found) if found else None


def command(powershell: Path, orders: Path) -> list[str]:
    """The command that has Word export what the file ``orders`` lists."""
    return [
        str(powershell), "-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass",
        "-File", str(_SCRIPT), "-Orders", str(orders),
    ]


def listed(targets: Mapping[Path, Path], files: Sequence[Path]) -> bytes:
    """The file of orders: JSON in ASCII, a list of ``{"source", "target"}`` with whole paths."""
    orders = [{"source": str(file.resolve()), "target": str(_beside(targets[file]).resolve())} for file in files]
    return json.dumps(orders).encode("ascii")


def _beside(target: Path) -> Path:
    return target.with_name(f".~{target.stem}.tmp.pdf")


def exported(
    powershell: Path, targets: Mapping[Path, Path], made: dict[Path, Path], findings: list[Finding],
    begin: Callable[[Path], None],
) -> list[Path]:
    """Have Word export the files; each is put in its place when it is whole.

    Args:
        powershell: from `find_word`.
        targets: Word file → PDF file.
        made: takes each PDF that was made.
        findings: takes what went wrong.
        begin: called before each file.

    Returns:
        The files still to be made, where Word ended before its time.

    Raises:
        Cancelled: from ``begin``; Word is ended.
    """
    left = list(targets)
    with tempfile.TemporaryDirectory(prefix="towerdesk-pdf-") as home:
        orders = Path(home) / "orders.json"
        orders.write_bytes(listed(targets, left))
        process = subprocess.Popen(
            command(powershell, orders), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="ascii", errors="replace",
        )
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=_read, args=(process, lines), daemon=True).start()
        word = 0
        try:
            while left:
                answer = _answer(lines, limits().start_seconds)
                if "word" in answer:
                    word = int(answer["word"])
                    begin(left[0])
                    continue
                if not answer:
                    findings.append(finding("PDF006", why="已超时或退出", count=len(left)))
                    break
                file = left.pop(0)
                _place(file, targets[file], answer, made, findings)
                if left:
                    begin(left[0])
        finally:
            _end(process, word if left else 0)
    return left


def _place(
    file: Path, target: Path, answer: Mapping[str, str], made: dict[Path, Path], findings: list[Finding],
) -> None:
    """Give one exported file its name, or say why there is none."""
    beside = _beside(target)
    try:
        if "failed" in answer or not beside.read_bytes().startswith(b"%PDF-"):
            beside.unlink(missing_ok=True)
            why = answer.get("failed") or "没有产生文件"
            findings.append(finding("DOC051", workbook=file.name, file=file.name, why=why))
        else:
            beside.replace(target)
            made[file] = target
    except OSError as error:
        findings.append(finding("DOC040", workbook=target.name, why=reason(error)))


def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put(None)


def _answer(lines: queue.SimpleQueue[str | None], seconds: float) -> dict[str, str]:
    """The script's next answer; empty when it ended or took too long."""
    try:
        line = lines.get(timeout=seconds)
    except queue.Empty:
        return {}
    if line is None:
        return {}
    try:
        answer: dict[str, str] = json.loads(line)
    except ValueError:
        return {"failed": line.strip()}
    return answer


def _end(process: subprocess.Popen[str], word: int) -> None:
    """End the script, and the Word it started where that is still at work."""
    if word:
        subprocess.run(["taskkill", "/F", "/PID", str(word)], capture_output=True, check=False)
    try:
        process.wait(0 if word else limits().document_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
