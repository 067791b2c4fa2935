"""Turns finished Word files into PDF with LibreOffice, many files in one call."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from generator.names import unique_name
from macros.findings import Finding, finding
from macros.progress import Cancelled, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: Seconds for the start of LibreOffice and for each file; long tables take nine seconds per 500 rows.
START, EACH = 60, 30
#: Seconds between two looks at what LibreOffice has finished.
_LOOK = 0.1
#: Files per call: one profile serves one call, and a long one should fail small.
CALL = 50
_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def find_office() -> Path | None:
    """Where LibreOffice is installed; None when it is not."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    places = [Path(found)] if found else [Path(place) for place in _PLACES]
    return next((place for place in places if place.is_file()), None)


def convert(files: Sequence[Path], out: Path, office: Path | None = None) -> tuple[dict[Path, Path], list[Finding]]:
    """Convert Word files to PDF files of the same names in ``out``; of two with one name the second gets a number.

    Args:
        files: finished documents.
        out: folder of the PDF files, made when missing.
        office: the program, looked for when not given.

    Returns:
        Word file → PDF file, and a finding for each that failed.
    """
    office = office or find_office()
    if office is None:
        return {}, [finding("DOC050")]
    if not files:
        return {}, []
    out.mkdir(parents=True, exist_ok=True)
    made: dict[Path, Path] = {}
    findings: list[Finding] = []
    taken: set[str] = set()
    try:
        with tempfile.TemporaryDirectory(prefix="towerdesk-pdf-") as scratch, steps(len(files), "份") as begin:
            for number, chunk in enumerate(_calls(files)):
                fresh = Path(scratch) / f"out{number}"
                for file, why in _run(office, chunk, fresh, Path(scratch) / "profile", begin):
                    converted = fresh / f"{file.stem}.pdf"
                    if converted.is_file() and converted.stat().st_size:
                        made[file] = _put(converted, out / unique_name(file.stem, ".pdf", taken))
                    else:
                        why = why or "没有产生文件"
                        findings.append(finding("DOC051", workbook=file.name, file=file.name, why=why))
    except Cancelled as cancelled:
        findings.append(finding("ADD403", done=len(made), left=cancelled.left))
    return made, findings


def _calls(files: Sequence[Path]) -> list[list[Path]]:
    """The files in calls of bearable length, no two of one name in the same call."""
    calls: list[list[Path]] = [[]]
    for file in files:
        if len(calls[-1]) == CALL or any(file.stem == other.stem for other in calls[-1]):
            calls.append([])
        calls[-1].append(file)
    return calls


def _run(
    office: Path, files: Sequence[Path], out: Path, profile: Path, begin: Callable[[str], None],
) -> Iterator[tuple[Path, str]]:
    """One call of LibreOffice with a profile of its own: each file once it was tried, and why the call ended badly.

    ``begin`` is called before each file; when it raises, LibreOffice is ended and the files before are finished.
    """
    command = [
        str(office), "--headless", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(out), *(str(file.resolve()) for file in files),
    ]
    begin(_doing(files[0]))
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32", env=_environment(),
        )
    except OSError as error:
        yield from ((file, error.strerror or "不能启动") for file in files)
        return
    end = time.monotonic() + START + EACH * len(files)
    try:
        for number, file in enumerate(files):
            if number:
                begin(_doing(file))
            yield file, _waited(process, [out / f"{later.stem}.pdf" for later in files[number + 1 :]], end)
    finally:
        _stop(process)


def _doing(file: Path) -> str:
    return f"转成 PDF {file.name}"


def _waited(process: subprocess.Popen[bytes], later: Sequence[Path], end: float) -> str:
    """Wait until a later file has its turn or the call is over; the reason when it did not end well."""
    while not any(file.exists() for file in later):
        try:
            process.wait(_LOOK)
        except subprocess.TimeoutExpired:
            if time.monotonic() > end:
                _stop(process)
                return "超时"
        else:
            return f"退出码{process.returncode}" if process.returncode else ""
    return ""


def _environment() -> dict[str, str]:
    """Where fonts are found by name, stand-ins for the Chinese fonts of Word that this machine lacks."""
    stand_ins = Path(__file__).parent / "fonts.conf"
    fonts = {"FONTCONFIG_FILE": str(stand_ins)} if stand_ins.is_file() and sys.platform == "linux" else {}
    return {**os.environ, **fonts}


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the call with the children it started, and nothing else."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _put(source: Path, target: Path) -> Path:
    """Move a finished PDF to its place in one step."""
    temporary = target.with_name(f".~{target.name}.tmp")
    shutil.copyfile(source, temporary)
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    temporary.replace(target)
    return target


def fonts_note(families: Sequence[str]) -> list[Finding]:
    """Which of the fonts a template names are not on this machine, where that can be asked."""
    lister = shutil.which("fc-list")
    if lister is None:
        return []
    listed = subprocess.run([lister, ":", "family"], capture_output=True, text=True, check=False)
    known = {name.strip() for line in listed.stdout.splitlines() for name in line.split(",")}
    missing = [family for family in families if family not in known]
    return [finding("DOC052", fonts="、".join(missing))] if missing else []
