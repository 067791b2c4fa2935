"""Installing for one user: what goes where on each system, over an older version, and back to nothing."""

from __future__ import annotations

import json
import plistlib
import struct
import sys
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

from addin import settings
from addin.install import apply, install, uninstall, wps
from addin.install.goods import _made, entry, goods
from addin.install.machine import Machine, from_store, mac_jsaddons, windowless, xlstart
from addin.install.plan import Goods, plan
from addin.install.registry import Registry, snapshot
from addin.install.shortcut import shortcut
from macros.findings import Finding
from macros.hosts import Refused

GOODS = Goods(
    xlam=b"the add-in", scripts={"towerdesk.applescript": b"on TowerDeskClick"}, oxt=b"the extension", extension="cn.towerdesk.addin",
    wps={"towerdesk_0.1.0/main.js": b"// script", "towerdesk_0.1.0/ribbon.xml": b"<customUI/>"},
    entry='<jsplugin name="towerdesk" type="et" url="towerdesk_0.1.0" version="0.1.0" enable="enable_dev" />', entry_name="towerdesk",
)
ALL = ("excel", "wps", "libreoffice")


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A user's home folder whose name is not plain."""
    home = tmp_path / "张三 & 客户=1"
    home.mkdir()
    return home


@pytest.fixture
def windows(user: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Windows' folders on this disk."""
    roaming, own = user / "AppData" / "Roaming", user / "AppData" / "Local" / "TowerDesk"
    roaming.mkdir(parents=True)
    own.parent.mkdir()
    monkeypatch.setenv("TOWERDESK_HOME", str(own))
    return Machine(
        "win32", user, own, roaming, roaming, Path(sys.executable), "0.1.0", roaming / "Microsoft" / "Excel" / "XLSTART",
        (roaming / "kingsoft" / "wps" / "jsaddons",), (), None, roaming / "LibreOffice" / "4", frozenset({"excel", "wps"}),
    )


@pytest.fixture
def mac(windows: Machine, user: Path) -> Machine:
    library = user / "Library"
    startup = library / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized" / "Startup.localized" / "Excel"
    return replace(windows, platform="darwin", config=library, data=library, startup=startup, jsaddons=mac_jsaddons(user))


@pytest.fixture
def linux(windows: Machine, user: Path) -> Machine:
    data = user / ".local" / "share"
    return replace(
        windows, platform="linux", config=user / ".config", data=data, startup=user, jsaddons=(data / "Kingsoft" / "wps" / "jsaddons",),
        unopkg=("unopkg",), found=frozenset({"wps", "libreoffice"}),
    )


def places(machine: Machine, programs: tuple[str, ...] = ALL, autostart: bool = False) -> list[str]:
    """The steps' paths below the user's home, with the part each belongs to."""
    steps = plan(machine, GOODS, programs, autostart)
    return [f"{step.part} {step.path.relative_to(machine.home).as_posix()}" for step in steps]


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder but the settings; folders have no bytes."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}
    return {name: data for name, data in found.items() if not name.endswith("TowerDesk/settings.json")}


def codes(findings: list[Finding] | list[dict[str, str]]) -> list[str]:
    return [one["code"] if isinstance(one, dict) else one.code for one in findings]


# ---------------------------------------------------------------- what goes where

WPS_STEPS = ["wps {}/towerdesk_0.1.0/main.js", "wps {}/towerdesk_0.1.0/ribbon.xml", "wps {}/publish.xml"]


def test_windows_gets_the_add_in_the_launch_file_and_the_list_entry(windows: Machine) -> None:
    jsaddons = "AppData/Roaming/kingsoft/wps/jsaddons"
    assert places(windows) == [
        "base AppData/Local/TowerDesk/launch.txt",
        "excel AppData/Roaming/Microsoft/Excel/XLSTART/TowerDesk.xlam",
        *(step.format(jsaddons) for step in WPS_STEPS),
    ]


def test_windows_gets_a_shortcut_for_a_python_on_a_drive(windows: Machine) -> None:
    machine = replace(windows, python=PureWindowsPath(r"C:\Python\pythonw.exe"))
    menu = "base AppData/Roaming/Microsoft/Windows/Start Menu/Programs"
    assert places(machine, ("excel",), autostart=True)[1:3] == [f"{menu}/塔务台助手.lnk", f"{menu}/Startup/塔务台助手.lnk"]
    assert places(machine, ("excel",))[1:2] == [f"{menu}/塔务台助手.lnk"]


def test_windows_gets_no_shortcut_for_a_python_on_a_network_share(windows: Machine) -> None:
    machine = replace(windows, python=PureWindowsPath(r"\\server\share\pythonw.exe"))
    assert [step for step in places(machine) if "lnk" in step] == []


def test_macos_gets_the_add_in_its_script_and_the_launch_agent(mac: Machine) -> None:
    assert places(mac, autostart=True) == [
        "base AppData/Local/TowerDesk/launch.txt",
        "base Library/LaunchAgents/cn.towerdesk.agent.plist",
        "excel Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel/TowerDesk.xlam",
        "excel Library/Application Scripts/com.microsoft.Excel/towerdesk.applescript",
        *(step.format("Library/Containers/com.kingsoft.wpsoffice.mac/Data/.kingsoft/wps/jsaddons") for step in WPS_STEPS),
    ]


def test_linux_gets_menu_entry_list_entry_and_extension(linux: Machine) -> None:
    assert places(linux, autostart=True) == [
        "base AppData/Local/TowerDesk/launch.txt",
        "base .local/share/applications/towerdesk-agent.desktop",
        "base .config/autostart/towerdesk-agent.desktop",
        *(step.format(".local/share/Kingsoft/wps/jsaddons") for step in WPS_STEPS),
        "libreoffice AppData/Local/TowerDesk/TowerDesk.oxt",
        "libreoffice AppData/Local/TowerDesk/TowerDesk.oxt",
    ]


def test_a_program_not_chosen_gets_nothing(linux: Machine) -> None:
    assert {step.part for step in plan(linux, GOODS, ["wps"])} == {"base", "wps"}


def test_a_part_that_could_not_be_made_has_no_step(linux: Machine) -> None:
    assert {step.part for step in plan(linux, Goods(), ALL)} == {"base"}


def test_both_editions_of_wps_for_macos_are_served(user: Path) -> None:
    for name in ("com.kingsoft.wpsoffice.mac", "com.kingsoft.wpsoffice.mac.global"):
        (user / "Library" / "Containers" / name).mkdir(parents=True)
    assert [path.parents[3].name for path in mac_jsaddons(user)] == ["com.kingsoft.wpsoffice.mac", "com.kingsoft.wpsoffice.mac.global"]


def test_the_launch_file_names_the_interpreter_in_utf_16(windows: Machine) -> None:
    step = plan(replace(windows, python=Path("/家/python")), GOODS, [])[0]
    assert step.data == b"\xff\xfe" + "/家/python\r\n0.1.0\r\n".encode("utf-16-le")  # type: ignore[union-attr]


def test_the_launch_agent_starts_the_helper(mac: Machine) -> None:
    step = plan(mac, GOODS, [], autostart=True)[1]
    told = plistlib.loads(step.data)  # type: ignore[union-attr]
    assert told["ProgramArguments"] == [sys.executable, "-P", "-X", "utf8", "-m", "addin", "agent"]
    assert told["RunAtLoad"] is True


def test_the_desktop_entry_quotes_what_the_specification_reserves(linux: Machine) -> None:
    step = plan(replace(linux, python=Path('/家/a b$c"d%e/python')), GOODS, [])[1]
    lines = step.data.decode("utf-8").splitlines()  # type: ignore[union-attr]
    assert 'Exec="/家/a b\\\\$c\\\\"d%%e/python" -P -X utf8 -m addin agent' in lines


# ---------------------------------------------------------------- shortcuts

CHINESE, PLAIN = r"C:\用户\Python\pythonw.exe", r"C:\Python 311\pythonw.exe"


def link_parts(link: bytes) -> tuple[list[bytes], bytes, list[str]]:
    """Items, link info and texts of a shortcut, taken apart by [MS-SHLLINK] 2.1 to 2.4."""
    at = 0x4C + 2
    end = at + struct.unpack_from("<H", link, 0x4C)[0]
    items = []
    while (size := struct.unpack_from("<H", link, at)[0]):
        items.append(link[at:at + size])
        at += size
    assert at + 2 == end
    info = link[end:end + struct.unpack_from("<I", link, end)[0]] if link[0x14] & 2 else b""
    at = end + len(info)
    texts: list[str] = []
    while len(texts) < 3:
        count = struct.unpack_from("<H", link, at)[0]
        texts.append(link[at + 2:at + 2 + 2 * count].decode("utf-16-le"))
        at += 2 + 2 * count
    assert link[at:] == bytes(4)
    return items, info, texts


def test_a_shortcut_begins_with_the_header_of_the_format() -> None:
    link = shortcut(PLAIN, "-m addin agent", r"C:\用户", "助手")
    assert link[:20].hex() == "4c0000000114020000000000c000000000000046"
    flags, attributes = struct.unpack_from("<II", link, 0x14)
    assert (flags, attributes) == (0b10110111, 0x20)  # items, info, name, folder, arguments, Unicode; an ordinary file
    assert struct.unpack_from("<I", link, 0x3C) == (1,)  # a normal window


def test_a_shortcut_leads_from_the_computer_over_the_drive_to_the_file() -> None:
    items, _, _ = link_parts(shortcut(CHINESE, "", "", ""))
    assert [item[2] for item in items] == [0x1F, 0x2F, 0x31, 0x31, 0x32]  # computer, drive, folder, folder, file
    assert items[1][3:6] == b"C:\\"


def test_every_item_of_a_shortcut_holds_its_full_name_where_it_says() -> None:
    items, _, _ = link_parts(shortcut(CHINESE, "", "", ""))
    named = []
    for item in items[2:]:
        block = item[struct.unpack_from("<H", item, len(item) - 2)[0]:]  # an item ends with the offset of its block
        size, kind, mark = struct.unpack_from("<HHI", block)
        assert (size, kind, mark) == (len(block), 3, 0xBEEF0004)
        named.append(block[20:-4].decode("utf-16-le"))
    assert named == ["用户", "Python", "pythonw.exe"]


def test_a_shortcut_holds_its_texts() -> None:
    assert link_parts(shortcut(CHINESE, "-m addin agent", r"C:\用户", "助手"))[2] == ["助手", r"C:\用户", "-m addin agent"]


def test_a_shortcut_holds_the_whole_path_once_more_where_every_code_page_can_say_it() -> None:
    info = link_parts(shortcut(PLAIN, "", "", ""))[1]
    size, head, flags, volume, path, _, suffix = struct.unpack_from("<7I", info)
    assert (size, head, flags, volume) == (len(info), 0x1C, 1, 0x1C)
    assert info[path:].split(b"\0")[0] == PLAIN.encode()
    assert info[suffix:] == b"\0"
    assert link_parts(shortcut(CHINESE, "", "", ""))[1] == b""


@pytest.mark.parametrize("target", [r"\\server\share\pythonw.exe", r"pythonw.exe", r"C:pythonw.exe", "/usr/bin/python3"])
def test_a_shortcut_needs_a_path_on_a_drive(target: str) -> None:
    with pytest.raises(ValueError, match=r"python"):
        shortcut(target, "", "", "")


# ---------------------------------------------------------------- doing and undoing


def put(machine: Machine, made: Goods = GOODS, programs: tuple[str, ...] = ("excel", "wps")) -> list[str]:
    """Carry out a plan and remember it; the codes of what went wrong."""
    items, findings = apply.do(machine, plan(machine, made, programs))
    apply.remember(items)
    return codes(findings)


def test_what_was_installed_lies_there_byte_for_byte(windows: Machine) -> None:
    assert put(windows) == []
    assert (windows.startup / "TowerDesk.xlam").read_bytes() == b"the add-in"
    assert (windows.jsaddons[0] / "towerdesk_0.1.0" / "main.js").read_bytes() == b"// script"


@pytest.mark.parametrize("machine", ["windows", "mac"])
def test_uninstalling_leaves_the_profile_as_it_was(machine: str, request: pytest.FixtureRequest) -> None:
    there: Machine = request.getfixturevalue(machine)
    (there.home / "Documents").mkdir()
    (there.home / "Documents" / "需求台账.xlsx").write_bytes(b"mine")
    before = tree(there.home)
    put(there)
    assert tree(there.home) != before
    answer = uninstall(machine=there)
    assert (answer.status, answer.data["findings"], answer.data["left"]) == (0, [], [])
    assert tree(there.home) == before


def test_uninstalling_keeps_the_users_settings(windows: Machine) -> None:
    put(windows)
    settings.change(register="D:\\台账")
    answer = uninstall(machine=windows)
    assert json.loads((windows.own / "settings.json").read_text(encoding="utf-8")) == {"register": "D:\\台账"}
    assert str(windows.own) in answer.text


def test_uninstalling_removes_the_helpers_leavings(windows: Machine) -> None:
    put(windows)
    for name in ("agent.lock", "agent.log", "agent.log.1", "click.log"):
        (windows.own / name).write_bytes(b"")
    uninstall(machine=windows)
    assert not windows.own.exists()


def test_uninstalling_leaves_a_file_that_is_no_longer_ours(windows: Machine) -> None:
    put(windows)
    (windows.startup / "TowerDesk.xlam").write_bytes(b"something else")
    answer = uninstall(machine=windows)
    assert codes(answer.data["findings"]) == ["ADD211"]
    assert (windows.startup / "TowerDesk.xlam").read_bytes() == b"something else"


def test_uninstalling_leaves_a_folder_with_the_users_own_file(windows: Machine) -> None:
    put(windows)
    (windows.startup / "PERSONAL.XLSB").write_bytes(b"mine")
    uninstall(machine=windows)
    assert [path.name for path in windows.startup.iterdir()] == ["PERSONAL.XLSB"]


def test_uninstalling_one_program_leaves_the_others(windows: Machine) -> None:
    put(windows)
    uninstall(["excel"], machine=windows)
    assert not (windows.startup / "TowerDesk.xlam").exists()
    assert (windows.jsaddons[0] / "publish.xml").exists()
    assert {item.part for item in apply.remembered()} == {"base", "wps"}


def test_nothing_installed_is_said_and_leaves_no_trace(windows: Machine) -> None:
    before = tree(windows.home)
    answer = uninstall(machine=windows)
    assert (answer.status, codes(answer.data["findings"])) == (0, ["ADD214"])
    assert tree(windows.home) == before


def test_a_damaged_memory_is_passed_over(windows: Machine) -> None:
    settings.change(installed=[{"kind": "file", "unknown": 1}, "text"])
    assert apply.remembered() == []


def test_nothing_is_written_outside_the_profile(windows: Machine, tmp_path: Path) -> None:
    machine = replace(windows, startup=tmp_path / "Program Files" / "XLSTART")
    assert put(machine) == ["ADD205"]
    assert not (tmp_path / "Program Files").exists()


def test_a_file_that_cannot_be_written_does_not_stop_the_rest(windows: Machine) -> None:
    windows.startup.parent.mkdir(parents=True)
    windows.startup.write_bytes(b"a file in the folder's place")
    assert put(windows) == ["ADD206"]
    assert (windows.jsaddons[0] / "publish.xml").exists()
    assert windows.startup.read_bytes() == b"a file in the folder's place"


def test_a_failed_write_leaves_nothing_for_excel_to_open(windows: Machine) -> None:
    (windows.startup / "TowerDesk.xlam").mkdir(parents=True)
    put(windows)
    assert [path.name for path in windows.startup.iterdir()] == ["TowerDesk.xlam"]


# ---------------------------------------------------------------- the commands


def test_installing_for_excel_brings_the_add_in_that_the_builder_makes(windows: Machine) -> None:
    from addin.build import xlam

    answer = install(["excel"], machine=windows)
    assert (answer.status, answer.data["findings"]) == (0, [])
    assert (windows.startup / "TowerDesk.xlam").read_bytes() == xlam.made()
    assert "Excel" in answer.text and "towerdesk addin status" in answer.text


def test_a_mac_gets_the_script_of_the_add_in(mac: Machine) -> None:
    install(["excel"], machine=mac)
    script = mac.config / "Application Scripts" / "com.microsoft.Excel" / "towerdesk.applescript"
    assert "TowerDeskClick" in script.read_text(encoding="utf-8")


def test_a_trial_run_says_the_steps_and_writes_nothing(windows: Machine) -> None:
    before = tree(windows.home)
    answer = install(["excel"], dry_run=True, machine=windows)
    assert any(str(windows.startup / "TowerDesk.xlam") in step for step in answer.data["steps"])
    assert tree(windows.home) == before


def test_a_trial_removal_removes_nothing(windows: Machine) -> None:
    install(["excel"], machine=windows)
    before = tree(windows.home)
    answer = uninstall(dry_run=True, machine=windows)
    assert str(windows.startup / "TowerDesk.xlam") in answer.text
    assert tree(windows.home) == before


def test_installing_again_changes_nothing(windows: Machine) -> None:
    install(["excel"], machine=windows)
    before = tree(windows.home)
    install(["excel"], machine=windows)
    assert tree(windows.home) == before


def test_a_newer_version_keeps_settings_and_takes_the_older_ones_files_away(windows: Machine) -> None:
    put(windows)
    settings.change(register="D:\\台账")
    newer = replace(
        GOODS, wps={"towerdesk_0.2.0/main.js": b"// newer"}, entry=GOODS.entry.replace("0.1.0", "0.2.0"),
    )
    from addin.install.command import _replace

    _replace(windows, plan(windows, newer, ["excel", "wps"]), {"base", "excel", "wps"})
    folder = windows.jsaddons[0]
    assert sorted(path.name for path in folder.iterdir()) == ["publish.xml", "towerdesk_0.2.0"]
    assert 'url="towerdesk_0.2.0"' in (folder / "publish.xml").read_text(encoding="utf-8")
    assert settings.load()["register"] == "D:\\台账"
    uninstall(machine=windows)
    assert list(windows.home.rglob("jsaddons")) == []


def test_installing_one_program_leaves_the_others_installed(windows: Machine) -> None:
    put(windows)
    install(["excel"], machine=windows)
    assert (windows.jsaddons[0] / "towerdesk_0.1.0" / "main.js").exists()
    assert {item.part for item in apply.remembered()} == {"base", "excel", "wps"}


def test_installing_without_autostart_takes_it_back(linux: Machine) -> None:
    install(["wps"], autostart=True, machine=linux)
    install(["wps"], machine=linux)
    assert not (linux.config / "autostart").exists()


@pytest.mark.parametrize(("programs", "found", "code"), [((), (), "ADD200"), (("excel",), ("wps",), "ADD212"), (("libreoffice",), ("wps",), "ADD212")])
def test_a_program_that_is_not_there_is_refused(linux: Machine, programs: tuple[str, ...], found: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refused) as refused:
        install(programs, machine=replace(linux, unopkg=(), found=frozenset(found)))
    assert refused.value.finding.code == code


def test_a_part_without_its_builder_is_a_finding() -> None:
    findings: list[Finding] = []
    assert _made("no_such_builder", "wps", findings) is None
    assert codes(findings) == ["ADD202"]


def test_nothing_is_made_for_programs_not_chosen() -> None:
    assert goods((), "win32") == (Goods(scripts={}, wps={}), [])


# ---------------------------------------------------------------- the list of WPS's add-ins

OURS = '<jsplugin name="towerdesk" type="et" url="towerdesk_0.1.0" enable="enable_dev" />'
OTHER = '<jspluginonline name="别家" type="wps" url="http://127.0.0.1:3889/" enable="enable_dev"/>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f'<?xml version="1.0" encoding="UTF-8"?>\n<jsplugins>\n  {OURS}\n</jsplugins>\n'),
        ("<jsplugins/>", f"<jsplugins>{OURS}</jsplugins>"),
        ("<jsplugins />", f"<jsplugins >{OURS}</jsplugins>"),
        (f"<jsplugins>{OTHER}</jsplugins>", f"<jsplugins>{OTHER}{OURS}</jsplugins>"),
        (f"<jsplugins>\r\n\t{OTHER}\r\n</jsplugins>", f"<jsplugins>\r\n\t{OTHER}\r\n  {OURS}\n</jsplugins>"),
        (f"<jsplugins>\n  <!-- 说明 -->\n  {OTHER}\n</jsplugins>\n", f"<jsplugins>\n  <!-- 说明 -->\n  {OTHER}\n  {OURS}\n</jsplugins>\n"),
        (f"<jsplugins>\n  <jsplugin version='0' name='towerdesk'/>\n  {OTHER}\n</jsplugins>", f"<jsplugins>\n  {OTHER}\n  {OURS}\n</jsplugins>"),
        (f'<jsplugins>\n  <jsplugin url="a/b" name="towerdesk"></jsplugin>\n{OTHER}</jsplugins>', f"<jsplugins>\n{OTHER}{OURS}</jsplugins>"),
        ('\ufeff<jsplugins>\n</jsplugins>', f"\ufeff<jsplugins>\n  {OURS}\n</jsplugins>"),
    ],
)
def test_the_list_gets_our_entry_and_keeps_the_rest(before: str, after: str) -> None:
    assert wps.entered(before, "towerdesk", OURS) == after


@pytest.mark.parametrize("others", ["", f"\n{OTHER}\n", "\n  <jsplugin name='towerdesk2' url='x'/>\n"])
def test_taking_our_entry_out_gives_the_list_back(others: str) -> None:
    text = f"<jsplugins>{others}</jsplugins>"
    assert wps.without(wps.entered(text, "towerdesk", OURS), "towerdesk") == text


@pytest.mark.parametrize("text", ["not xml", "<jsplugins>", "<html/>", '<jsplugins><a x-name="towerdesk"/></jsplugins>'])
def test_a_list_that_is_none_is_left_alone(windows: Machine, text: str) -> None:
    folder = windows.jsaddons[0]
    folder.mkdir(parents=True)
    (folder / "publish.xml").write_text(text, encoding="utf-8")
    assert put(windows) == ["ADD210"]
    assert (folder / "publish.xml").read_text(encoding="utf-8") == text


def test_a_list_in_another_encoding_is_left_alone(windows: Machine) -> None:
    folder = windows.jsaddons[0]
    folder.mkdir(parents=True)
    (folder / "publish.xml").write_bytes('<jsplugins><a name="别家"/></jsplugins>'.encode("gbk"))
    assert put(windows) == ["ADD210"]


def test_a_list_of_others_survives_installing_and_uninstalling(windows: Machine) -> None:
    folder = windows.jsaddons[0]
    folder.mkdir(parents=True)
    (folder / "publish.xml").write_text(f"<jsplugins>\n  {OTHER}\n</jsplugins>\n", encoding="utf-8")
    before = tree(windows.home)
    put(windows)
    assert OTHER in (folder / "publish.xml").read_text(encoding="utf-8")
    uninstall(machine=windows)
    assert tree(windows.home) == before


def test_the_entry_of_a_list_of_our_own_is_found() -> None:
    assert entry(f'<?xml version="1.0"?>\n<jsplugins>\n {OURS}\n</jsplugins>') == ("towerdesk", OURS)


# ---------------------------------------------------------------- the machine

GENERAL = r"HKCU\Software\Microsoft\Office\16.0\Common\General"


@pytest.mark.parametrize(
    ("keys", "folder"),
    [
        ({}, "XLSTART"),
        ({GENERAL: {"Xlstart": "启动"}}, "启动"),
        ({GENERAL.lower(): {"xlstart": "启动"}}, "启动"),
        ({GENERAL: {"Xlstart": " "}}, "XLSTART"),
        ({GENERAL: {"Xlstart": ""}, GENERAL.replace("16.0", "15.0"): {"Xlstart": "旧"}}, "旧"),
    ],
)
def test_excels_start_folder_has_the_name_the_registry_gives(keys: dict[str, dict[str, object]], folder: str) -> None:
    assert xlstart(Path("/c"), Registry(keys)) == Path("/c/Microsoft/Excel") / folder


def test_a_start_folder_elsewhere_is_taken_from_the_registry(tmp_path: Path) -> None:
    assert xlstart(Path("/c"), Registry({GENERAL: {"Xlstart": str(tmp_path)}})) == tmp_path


@pytest.mark.parametrize(
    ("path", "store"),
    [
        (r"C:\Users\张三\AppData\Local\Microsoft\WindowsApps\python.exe", True),
        (r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.11_3.11.9_x64__qbz5n2kfra8p0", True),
        (r"C:\Users\张三\AppData\Local\Programs\Python\Python311\python.exe", False),
        (r"D:\WindowsAppsCopy\python.exe", False),
    ],
)
def test_the_stores_python_is_recognised(path: str, store: bool) -> None:
    assert from_store(path) is store


def test_the_interpreter_without_a_window_is_taken_where_there_is_one(tmp_path: Path) -> None:
    alone, both = tmp_path / "a" / "python.exe", tmp_path / "b" / "python.exe"
    both.parent.mkdir()
    both.with_name("pythonw.exe").touch()
    assert windowless(alone) == alone
    assert windowless(both) == both.with_name("pythonw.exe")
    assert windowless(Path("/usr/bin/python3")) == Path("/usr/bin/python3")


def test_keys_below_a_key_are_its_direct_ones() -> None:
    read = Registry({r"HKCU\A\One": {"n": 1}, r"HKCU\A\One\Deep": {"n": 2}, r"hkcu\a\Two": {"n": 3}, r"HKCU\AB": {"n": 4}})
    assert [values["n"] for values in read.below(r"HKCU\A")] == [1, 3]


@pytest.mark.skipif(sys.platform == "win32", reason="there is a registry")
def test_elsewhere_than_on_windows_there_is_no_registry() -> None:
    assert snapshot([GENERAL, r"HKCU\Software\*"]) == Registry()
