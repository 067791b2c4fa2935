"""The extension file: what stands in it, and what its part inside the office does before the program runs."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from addin.build import oxt
from addin.build.oxt import MESSAGES, PROTOCOL, made
from addin.ribbon import Menu, tab
from macros.findings import catalogue

OOR = "{http://openoffice.org/2001/registry}"
#: The oldest Python among the LibreOffices that the extension allows.
OLDEST = (3, 8)
BUTTONS = [button.id for button in tab().buttons()]
MENUS = [item for group in tab().groups for item in group.items if isinstance(item, Menu)]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def unpacked(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the part that runs inside the office."""
    home = tmp_path_factory.mktemp("oxt")
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home / "pythonpath"


def urls(files: dict[str, bytes], place: str) -> list[str]:
    """The buttons named below one part of Addons.xcu, in order."""
    root = ElementTree.fromstring(files["Addons.xcu"])
    part = root.find(f".//node[@{OOR}name='{place}']")
    assert part is not None
    values = [prop.findtext("value") or "" for prop in part.iter("prop") if prop.get(f"{OOR}name") == "URL"]
    return [value.removeprefix(PROTOCOL) for value in values if value.startswith(PROTOCOL)]


def test_two_builds_are_the_same() -> None:
    assert made() == made()


def test_nothing_of_this_machine_goes_in(files: dict[str, bytes]) -> None:
    assert [name for name, content in files.items() if str(oxt.ADDIN.parent).encode() in content] == []
    assert [name for name in files if "__pycache__" in name or name.endswith(".pyc")] == []


def test_every_file_the_manifest_names_is_there_and_every_configuration_is_named(files: dict[str, bytes]) -> None:
    space = "{http://openoffice.org/2001/manifest}"
    root = ElementTree.fromstring(files["META-INF/manifest.xml"])
    named = {entry.attrib[f"{space}full-path"] for entry in root}
    assert named == {name for name in files if name.endswith(".xcu") or name == "component.py"}


def test_the_menu_has_every_button_once(files: dict[str, bytes]) -> None:
    found = urls(files, "OfficeMenuBar")
    assert sorted(found) == sorted([*BUTTONS, *(menu.id for menu in MENUS)])


@pytest.mark.parametrize("place", ["OfficeToolBar", "OfficeNotebookBar"])
def test_the_bars_have_every_button_and_every_menu(files: dict[str, bytes], place: str) -> None:
    assert urls(files, place) == [item.id for group in tab().groups for item in group.items]


@pytest.mark.parametrize("size", [16, 26])
def test_every_button_has_a_picture_of_its_own_size(files: dict[str, bytes], size: int) -> None:
    pictures = [files[f"icons/{name}_{size}.png"] for name in [*BUTTONS, *(menu.id for menu in MENUS)]]
    assert {(data[:8], int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) for data in pictures} == {
        (b"\x89PNG\r\n\x1a\n", size, size)
    }


def test_the_part_inside_the_office_is_python_of_the_oldest_office(files: dict[str, bytes]) -> None:
    for name in [name for name in files if name.endswith(".py")]:
        ast.parse(files[name].decode("utf-8"), name, feature_version=OLDEST)


def test_it_loads_nothing_but_the_standard_library_and_uno(files: dict[str, bytes]) -> None:
    loaded = set()
    for name in [name for name in files if name.endswith(".py")]:
        for node in ast.walk(ast.parse(files[name].decode("utf-8"))):
            if isinstance(node, ast.Import):
                loaded |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                loaded.add(node.module.split(".")[0])
    assert loaded - set(sys.stdlib_module_names) == {"uno", "unohelper", "com", "towerdesk_office"}


def test_its_words_are_those_of_the_ribbon_and_the_catalogue(files: dict[str, bytes]) -> None:
    words = json.loads(files["pythonpath/towerdesk_office/words.json"])
    assert [one["id"] for one in words["buttons"]] == BUTTONS
    assert words["menus"] == {menu.id: [one.id for one in menu.buttons] for menu in MENUS}
    assert set(words["messages"]) == set(MESSAGES) <= set(catalogue())


# What it does before the program runs. `starting` needs no office; a program of the test's own stands for Python.

CALL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from towerdesk_office import starting
try:
    starting.start(sys.argv[2], sys.argv[3], "pipe-1")
except starting.CannotStart as problem:
    print(problem)
"""
#: Writes down what it was started with, and ends as its book's name says.
PROGRAM = """#!{python}
import json, os, sys
from pathlib import Path
told = {{"words": sys.argv[1:], "home": os.environ["TOWERDESK_HOME"], "foreign": os.environ.get("PYTHONHOME"), "cwd": os.getcwd()}}
Path({told!r}).write_text(json.dumps(told), encoding="utf-8")
if "坏" in " ".join(sys.argv):
    sys.exit("no module named addin")
"""


def start(unpacked: Path, home: Path, book: str, launch: bytes | None = None) -> str:
    """What the user is told when the button 今日待办 is pressed; nothing when the program ran."""
    if launch is not None:
        (home / "launch.txt").write_bytes(launch)
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", CALL, str(unpacked), "board", book],
        env={"TOWERDESK_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONHOME": "/of/the/office"},
        capture_output=True, encoding="utf-8", check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def program(tmp_path: Path) -> bytes:
    """launch.txt as the installer writes it, for a program in a folder with blanks and Chinese."""
    path = tmp_path / "塔 务台" / "python"
    path.parent.mkdir()
    path.write_text(PROGRAM.format(python=sys.executable, told=str(tmp_path / "told.json")), encoding="utf-8")
    path.chmod(0o755)
    return b"\xff\xfe" + f"{path}\r\n0.1.0\r\n".encode("utf-16-le")


@pytest.mark.parametrize("book", ["/登记 册/需求台账.xlsx", "/2026=Q1/甲;乙 & it's.xlsx", "--help"])
def test_a_click_starts_the_program_that_was_installed(unpacked: Path, tmp_path: Path, program: bytes, book: str) -> None:
    assert start(unpacked, tmp_path, book, program) == ""
    told: dict[str, Any] = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert told["words"] == [
        "-P", "-X", "utf8", "-m", "addin", "click", "board", "--host", "libreoffice", f"--book={book}", "--pipe", "pipe-1",
    ]
    assert (told["home"], told["foreign"], told["cwd"]) == (str(tmp_path), None, str(tmp_path))


@pytest.mark.parametrize(("launch", "said"), [
    (None, "launch.txt"), (b"", "launch.txt"), (b"\xff\xfe\x00", "launch.txt"), ("/没有/python\n".encode("utf-16"), "/没有/python"),
])
def test_without_its_python_a_click_says_what_to_install(unpacked: Path, tmp_path: Path, launch: bytes | None, said: str) -> None:
    told = start(unpacked, tmp_path, "需求台账.xlsx", launch)
    assert said in told and "towerdesk addin install" in told and "{" not in told


def test_a_program_that_does_not_run_is_told_in_its_last_words(unpacked: Path, tmp_path: Path, program: bytes) -> None:
    told = start(unpacked, tmp_path, "坏.xlsx", program)
    assert "今日待办" in told and "no module named addin" in told


def test_a_python_that_cannot_be_started_is_told(unpacked: Path, tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_text("no program", encoding="ascii")
    told = start(unpacked, tmp_path, "需求台账.xlsx", f"{path}\n".encode("utf-16"))
    assert str(path) in told and "{" not in told


def test_a_helper_that_is_gone_does_not_stop_a_click(unpacked: Path, tmp_path: Path, program: bytes) -> None:
    (tmp_path / "agent.json").write_text('{"port": 9, "token": "of yesterday"}', encoding="ascii")
    assert start(unpacked, tmp_path, "需求台账.xlsx", program) == ""
    assert (tmp_path / "told.json").is_file()
