"""TowerDesk.xlam is a sound package with a sound VBA project, the same bytes wherever it is made.

The project is read back by oletools, olefile and pyOpenVBA, none of which shares code with the writer.
"""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import olefile
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyopenvba import ExcelFile, check_file

from addin.build.cfb import compound
from addin.build.ovba import Module, project
from addin.build.packing import compressed
from addin.build.texts import texts
from addin.build.xlam import SOURCES, made, modules

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # oletools' own, on import
    from oletools.mraptor import MacroRaptor
    from oletools.olevba import VBA_Parser, decompress_stream

ROOT = Path(__file__).parent.parent
#: A line the editor keeps for itself.
ATTRIBUTE = re.compile(r"^Attribute VB_\w+ = .*\n", re.MULTILINE)


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlam") / "TowerDesk.xlam"
    path.write_bytes(made())
    return path


def project_of(addin: Path) -> bytes:
    return zipfile.ZipFile(addin).read("xl/vbaProject.bin")


# The same everywhere

def test_two_builds_are_the_same_bytes(addin: Path) -> None:
    assert made() == addin.read_bytes()


def test_a_build_elsewhere_in_another_zone_language_and_folder_is_the_same_bytes(addin: Path, tmp_path: Path) -> None:
    code = "import sys; from addin.build.xlam import made; sys.stdout.buffer.write(made())"
    there = os.environ | {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "7", "USER": "x", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=there, capture_output=True, check=True, timeout=60)
    assert done.stdout == addin.read_bytes()


def test_nothing_is_compressed_by_a_library_that_may_change(addin: Path) -> None:
    entries = zipfile.ZipFile(addin).infolist()
    assert {(entry.compress_type, entry.date_time, entry.create_system, entry.extra) for entry in entries} == {
        (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 0, b"")
    }


# The package

def test_the_package_opens_and_holds_its_parts(addin: Path) -> None:
    package = zipfile.ZipFile(addin)
    assert package.testzip() is None
    assert package.namelist() == [
        "[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/core.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/vbaProject.bin", "customUI/customUI.xml", "customUI/customUI14.xml",
    ]  # fmt: skip


def test_every_part_has_its_content_type(addin: Path) -> None:
    package = zipfile.ZipFile(addin)
    types = list(ElementTree.fromstring(package.read("[Content_Types].xml")))
    named = {one.get("PartName"): one.get("ContentType") for one in types if one.get("PartName")}
    ends = {one.get("Extension"): one.get("ContentType") for one in types if one.get("Extension")}
    said = {name: named.get(f"/{name}") or ends[name.rpartition(".")[2]] for name in package.namelist()[1:]}
    assert said == {
        "_rels/.rels": "application/vnd.openxmlformats-package.relationships+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "xl/_rels/workbook.xml.rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xl/worksheets/sheet1.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        "xl/styles.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
        "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
        "customUI/customUI.xml": "application/xml",
        "customUI/customUI14.xml": "application/xml",
    }


@pytest.mark.parametrize(("links", "base"), [("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")])
def test_every_relation_leads_to_a_part_by_a_number_of_its_own(addin: Path, links: str, base: str) -> None:
    package = zipfile.ZipFile(addin)
    found = list(ElementTree.fromstring(package.read(links)))
    assert {base + one.attrib["Target"] for one in found} <= set(package.namelist())
    assert len({one.attrib["Id"] for one in found}) == len(found)


def test_the_two_ribbon_parts_are_found_by_the_relations_excel_2007_and_later_versions_follow(addin: Path) -> None:
    links = ElementTree.fromstring(zipfile.ZipFile(addin).read("_rels/.rels"))
    found = {one.attrib["Target"]: one.attrib["Type"] for one in links}
    assert found["customUI/customUI.xml"] == "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
    assert found["customUI/customUI14.xml"] == "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"


def test_the_properties_name_no_person_machine_or_time(addin: Path) -> None:
    package = zipfile.ZipFile(addin)
    said = {
        (element.tag.rpartition("}")[2], element.text)
        for name in ("docProps/app.xml", "docProps/core.xml")
        for element in ElementTree.fromstring(package.read(name))
    }
    assert said == {("Application", "Microsoft Excel"), ("AppVersion", "16.0300"), ("title", "TowerDesk 塔务台")}


def test_the_sheet_of_texts_reads_back_in_order(addin: Path, tmp_path: Path) -> None:
    # openpyxl refuses the content type of add-ins, so it gets that of a workbook with macros.
    twin = tmp_path / "twin.xlsm"
    with zipfile.ZipFile(addin) as source, zipfile.ZipFile(twin, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"ms-excel.addin.", b"ms-excel.sheet."))
    book = openpyxl.load_workbook(twin)  # asked to keep the macros it would leave a package open, to fail when swept away
    assert {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()} == texts()
    assert book.worksheets[0].max_row == len(texts())


# The project

def test_olevba_reads_back_every_module_with_our_sources(addin: Path) -> None:
    found = {name: ATTRIBUTE.sub("", code.replace("\r\n", "\n")) for _, _, name, code in VBA_Parser(str(addin)).extract_macros()}
    kept = {path.name: ATTRIBUTE.sub("", path.read_text(encoding="ascii")) for path in SOURCES.glob("*.[bc][al]s")}
    assert found == {**kept, "Sheet1.cls": ""}


def test_the_modules_are_those_of_the_folder(addin: Path) -> None:
    with ExcelFile(addin) as book:
        assert book.module_names() == ["ThisWorkbook", "Sheet1", "TowerAgent", "TowerLauncher", "TowerMenu", "TowerRibbon", "TowerSelection", "TowerTexts"]
        assert [reference.name for reference in book.references()] == ["stdole", "Office"]


def test_nothing_runs_by_itself(addin: Path) -> None:
    parser = VBA_Parser(str(addin))
    parser.extract_macros()
    assert [found for kind, *found in parser.analyze_macros() if kind == "AutoExec"] == []
    raptor = MacroRaptor(parser.get_vba_code_all_modules())
    raptor.scan()
    assert not raptor.suspicious
    assert raptor.get_flags() == "--X"  # it starts a program, as it must; it neither runs by itself nor writes


def test_the_macros_use_nothing_that_guards_take_for_an_attack(addin: Path) -> None:
    code = "\n".join(module.source for module in modules()).lower()
    assert [word for word in ("cmd.exe", "powershell", "declare ", "%temp%", "adodb", "getobject", "xlwings", "createtextfile", "chrw(", "ontime") if word in code] == []


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_every_module_is_ascii_with_explicit_variables_and_the_name_of_its_file(module: Module) -> None:
    assert module.source.isascii()
    assert module.source == "" or "Option Explicit\n" in module.source
    assert module.kind != "standard" or module.source.startswith(f'Attribute VB_Name = "{module.name}"\n')


def test_pyopenvba_finds_no_fault(addin: Path) -> None:
    report = check_file(addin)
    assert (report.ok, report.complete, list(report.issues)) == (True, True, [])


def test_olefile_finds_no_defect_and_no_time(addin: Path) -> None:
    file = olefile.OleFileIO(io.BytesIO(project_of(addin)), raise_defects=olefile.DEFECT_UNSURE)
    assert file.parsing_issues == []
    assert {file.getmtime(name) for name in ("VBA", "PROJECT", "VBA/dir")} == {None}
    assert file.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("CC61FFFF000100")


def plain(identity: str, text: str) -> bytes:
    """Data decryption as [MS-OVBA] 2.4.3.3 puts it, with its names."""
    raw = bytes.fromhex(text)
    seed, version, project_key = raw[0], raw[1] ^ raw[0], raw[2] ^ raw[0]
    assert (version, project_key) == (2, sum(map(ord, identity)) % 256)
    unencrypted_1, encrypted_1, encrypted_2, out = project_key, raw[2], raw[1], bytearray()
    for byte in raw[3:]:
        unencrypted_1, encrypted_1, encrypted_2 = byte ^ (encrypted_2 + unencrypted_1) & 0xFF, byte, encrypted_1
        out.append(unencrypted_1)
    length, data = struct.unpack_from("<I", out, (seed & 6) // 2)[0], out[(seed & 6) // 2 + 4 :]
    assert length == len(data)
    return bytes(data)


def protection(file: bytes) -> list[bytes]:
    """Protection, password and visibility of a project."""
    text = olefile.OleFileIO(io.BytesIO(file)).openstream("PROJECT").read().decode("latin-1")
    said = {key: value.strip('"') for key, value in re.findall(r"^(ID|CMG|DPB|GC)=(.*)\r$", text, re.MULTILINE)}
    return [plain(said["ID"], said[key]) for key in ("CMG", "DPB", "GC")]


def test_the_project_is_open_without_a_password_and_visible(addin: Path) -> None:
    assert protection(project_of(addin)) == [b"\0\0\0\0", b"\0", b"\xff"]


def test_it_says_so_as_excel_itself_does(tmp_path: Path) -> None:
    with ExcelFile.create_new(tmp_path / "new.xlsm") as book:  # made from a file that Excel saved
        book.save()
    assert protection(project_of(tmp_path / "new.xlsm")) == [b"\0\0\0\0", b"\0", b"\xff"]


def test_a_source_that_is_not_ascii_is_no_module() -> None:
    with pytest.raises(UnicodeEncodeError):
        project("X", [Module("M", "standard", "' 塔务台")])


# Streams and storages

@settings(max_examples=80, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.lists(st.sampled_from([b"End Sub\r\n", b"Dim i As Long\r\n", b"x", b"\0" * 50]), max_size=900).map(b"".join)))
def test_what_is_compressed_is_read_back_by_oletools(data: bytes) -> None:
    assert bytes(decompress_stream(bytearray(compressed(data)))) == data


def test_text_shrinks_and_noise_is_stored_whole() -> None:
    noise = bytes((number * number * 131 + number // 7) >> 3 & 0xFF for number in range(4096))
    assert len(compressed(b"Public Sub Press()\r\n" * 400)) < 800
    assert bytes(decompress_stream(bytearray(compressed(noise)))) == noise


@pytest.mark.parametrize("sizes", [[0], [1], [63, 64, 65], [4095], [4096], [4097, 0, 511, 512, 513], [70_000], [3_000_000, 5]], ids=str)
def test_streams_of_any_size_are_read_back_by_olefile(sizes: list[int]) -> None:
    streams = {f"S{number}": bytes((number + at) % 251 for at in range(size)) for number, size in enumerate(sizes)}
    file = olefile.OleFileIO(io.BytesIO(compound({"VBA": dict(streams), "PROJECT": b"p"})), raise_defects=olefile.DEFECT_UNSURE)
    assert {name: file.openstream(f"VBA/{name}").read() for name in streams} == streams
    assert file.openstream("PROJECT").read() == b"p"


def test_names_of_any_order_and_length_are_found(addin: Path) -> None:
    names = ["b", "A", "ab", "zz", "Zebra", "dir", "_VBA_PROJECT", "M" * 31, "aa", "PROJECTwm"]
    file = olefile.OleFileIO(io.BytesIO(compound({name: name.encode() for name in names})))
    assert {name: file.openstream(name).read().decode() for name in names} == {name: name for name in names}


def test_a_tree_too_large_for_the_format_as_written_here_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        compound({"S": bytes(7_200_000)})
