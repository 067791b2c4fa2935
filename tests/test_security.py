"""Promises of SECURITY.md that no other test shows."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import pytest

from benchmarks.proofs.samples import workbook as sample
from macros.hosts import Refused, open_book
from macros.hosts import safe as safe_module
from macros.hosts.files import FileBook
from macros.hosts.safe import read_untrusted
from tests.workbook_files import rich, workbook

ROOT = Path(__file__).parents[1]


def test_a_strict_workbook_reads_like_the_usual_one_and_takes_edits(tmp_path: Path) -> None:
    _, usual = sample(7, [], count=5)
    name, strict = sample(7, [], strict=True, count=5)
    (tmp_path / "usual.xlsx").write_bytes(usual)
    path = tmp_path / name
    path.write_bytes(strict)
    assert open_book(path)[0] == open_book(tmp_path / "usual.xlsx")[0]
    assert len(open_book(path)[0][0].rows) == 6
    book = FileBook(path)
    book.append("台账", [["新", None, 1]])
    book.save()
    assert book.sheet("台账").rows[6] == ["新", None, 1]
    with zipfile.ZipFile(path) as made:
        assert b"purl.oclc.org" in made.read("xl/worksheets/sheet1.xml")


def test_links_to_other_workbooks_are_reported_and_not_followed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "链.xlsx", '<row r="1"><c r="A1"><f>[1]表!A1</f><v>5</v></c></row>')
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</workbook>", b'<externalReferences><externalReference r:id="r9"/></externalReferences></workbook>')
    relation = f'<Relationship Id="r9" Type="{office}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation.encode())
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
    with zipfile.ZipFile(path, "w") as new:
        for name, body in parts.items():
            new.writestr(name, body)
    sheets, notes = open_book(path)
    assert sheets[0].rows == [[5]]
    assert [(one.code, one.severity) for one in notes] == [("WBK023", "info")]


def test_a_module_beside_the_workbook_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rich(tmp_path)
    for name in ("json.py", "macros.py", "sitecustomize.py", "python_calamine.py"):
        (tmp_path / name).write_text("open('planted', 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert len(read_untrusted(path)[0][0].rows) == 4
    assert not (tmp_path / "planted").exists()


def test_a_reading_that_takes_too_long_is_ended_and_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rich(tmp_path)
    from macros.hosts.limits import limit as real

    monkeypatch.setattr(safe_module, "limit", lambda section, name: 0 if name == "seconds" else real(section, name))
    began = time.monotonic()
    with pytest.raises(Refused) as caught:
        read_untrusted(path)
    assert caught.value.finding.code == "WBK015"
    assert time.monotonic() - began < 20


def test_a_macro_workbook_is_read_and_its_macros_are_neither_run_nor_changed(tmp_path: Path) -> None:
    name, data = sample(3, ["VBA"])
    path = tmp_path / name
    path.write_bytes(data)
    before = zipfile.ZipFile(path).read("xl/vbaProject.bin")
    read_untrusted(path)
    book = FileBook(path)
    book.update("台账", {(2, 1): "改"})
    book.save()
    assert zipfile.ZipFile(path).read("xl/vbaProject.bin") == before


def test_work_files_are_private_while_they_are_written(tmp_path: Path) -> None:
    from macros.beside import beside

    handle, path = beside(tmp_path)
    with open(handle, "wb"):  # noqa: PTH123 - a descriptor
        assert path.stat().st_mode & 0o077 == 0


def test_every_test_and_proof_that_the_page_names_is_there() -> None:
    from benchmarks.proofs import PROOFS

    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|macros|benchmarks|docs)/[\w/.-]+)`", page)) | set(re.findall(r"\]\(([\w/.-]+)\)", page))
    assert len(named) > 15
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
    assert set(re.findall(r"`proof (\w+)`", page)) - {"X"} <= PROOFS.keys()
