"""The examination: what each state of a machine is found to be, and how the facts are read."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import tomllib
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from addin.install import (
    apply,
    checks,
    checks_programs,
    doctor,
    gather,
    gather_excel,
    gather_office,
    libreoffice,
    status,
)
from addin.install.apply import Item
from addin.install.facts import Excel, Facts, Installed, Launch, Office, Rival, Wps
from addin.install.machine import Machine
from addin.install.plan import Goods, plan
from addin.install.registry import Registry
from macros.findings import catalogue

ADDIN = r"C:\Users\甲\AppData\Roaming\Microsoft\Excel\XLSTART\TowerDesk.xlam"
PYTHON = r"C:\Python311\pythonw.exe"
EXCEL = Excel("16.0", server=r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE /automation", startup=r"C:\XLSTART")
WELL = Facts(
    "win32", "0.1.0", dt.date(2026, 11, 20), PYTHON, launch=Launch(PYTHON, True, (3, 11, 9), "0.1.0"), install_version="0.1.0",
    files=(Installed("excel", ADDIN),), parts=frozenset({"base", "excel", "wps", "libreoffice"}), present=frozenset({"excel", "wps", "libreoffice"}),
    register=r"D:\台账", longest=40, asr="off", excel=EXCEL, office=Office("24.8", "cn.towerdesk.addin", "0.1.0"),
    wps=(Wps("publish.xml", entered=True),), helper="0.1.0", xlwings="0.37.8", decreed=dt.date(2026, 12, 31),
)
NO_LAUNCH = replace(WELL, launch=None)


def launch(**changes: Any) -> Facts:
    assert WELL.launch is not None
    return replace(WELL, launch=replace(WELL.launch, **changes))


def excel(**changes: Any) -> Facts:
    return replace(WELL, excel=replace(EXCEL, **changes))


def codes(facts: Facts) -> list[str]:
    return [said["code"] for said in doctor.told(facts).data["findings"]]


def test_a_machine_where_all_is_well_has_no_findings() -> None:
    answer = doctor.told(WELL)
    assert (answer.status, answer.data["healthy"], answer.data["findings"]) == (0, True, [])
    assert {check["state"] for check in answer.data["checks"]} == {"good"}
    assert answer.text.endswith("结论：一切正常。")
    assert "✗" not in answer.text and answer.text.startswith("塔务台 0.1.0 体检")


def test_every_check_has_its_line_on_a_full_machine() -> None:
    assert [check["name"] for check in doctor.told(WELL).data["checks"]] == [check.name for check in doctor.every()]


LONG = "C:\\" + "长" * 216  # 3 + 216 = 219 characters, one more than Excel opens

BAD = {
    "no installation": (NO_LAUNCH, ["ADD220"]),
    "the store's Python runs the command": (replace(WELL, store=True), ["ADD201"]),
    "the store's Python is started": (launch(path=r"C:\Users\甲\AppData\Local\Microsoft\WindowsApps\pythonw.exe"), ["ADD201"]),
    "the interpreter is gone": (launch(exists=False), ["ADD221"]),
    "a black window flashes": (launch(path=r"C:\Python311\python.exe"), ["ADD222"]),
    "Python is too old": (launch(version=(3, 10, 14), product=""), ["ADD223"]),
    "the oldest Python will do": (launch(version=(3, 11, 0)), []),
    "TowerDesk is not in that Python": (launch(product="", fault="ModuleNotFoundError No module named 'addin'"), ["ADD224"]),
    "another TowerDesk is in that Python": (launch(product="0.0.9"), ["ADD224"]),
    "the program was updated, the add-in not": (replace(WELL, install_version="0.0.9"), ["ADD245"]),
    "xlwings is missing": (replace(WELL, xlwings=""), ["ADD248"]),
    "xlwings is too old": (replace(WELL, xlwings="0.37.7"), ["ADD248"]),
    "xlwings is newer": (replace(WELL, xlwings="1.0"), []),
    "the calendar ended last year": (replace(WELL, today=dt.date(2027, 1, 1)), ["ADD249"]),
    "next year is unknown at the end of November": (replace(WELL, today=dt.date(2026, 11, 30)), []),
    "next year is unknown in December": (replace(WELL, today=dt.date(2026, 12, 1)), ["ADD249"]),
    "next year is known in December": (replace(WELL, today=dt.date(2026, 12, 1), decreed=dt.date(2027, 12, 31)), []),
    "the add-in is marked as from the web": (replace(WELL, files=(Installed("excel", ADDIN, "same", "ZoneId=3"),)), ["ADD225"]),
    "the add-in was quarantined": (replace(WELL, files=(Installed("excel", ADDIN, "gone"),)), ["ADD226"]),
    "the add-in was changed": (replace(WELL, files=(Installed("excel", ADDIN, "changed"),)), ["ADD227"]),
    "the add-in lies too deep": (replace(WELL, files=(Installed("excel", LONG),)), ["ADD230"]),
    "the add-in lies just not too deep": (replace(WELL, files=(Installed("excel", LONG[:-1]),)), []),
    "another file may lie deeper": (replace(WELL, files=(Installed("wps", LONG),)), []),
    "the register is an address": (replace(WELL, register="https://某公司.sharepoint.com/台账"), ["ADD228"]),
    "the register is synchronised": (replace(WELL, synced=((r"d:\台账", "OneDrive"), (r"D:\台账", "OneDrive"))), ["ADD229"]),
    "another folder is synchronised": (replace(WELL, synced=((r"D:\台账2", "OneDrive"),)), []),
    "the register lies too deep": (replace(WELL, longest=219), ["ADD230"]),
    "the register is unknown": (replace(WELL, register="", longest=0), []),
    "Defender blocks child processes": (replace(WELL, asr="block"), ["ADD231"]),
    "Defender warns of child processes": (replace(WELL, asr="warn"), ["ADD232"]),
    "Defender only notes child processes": (replace(WELL, asr="audit"), []),
    "Defender does not say": (replace(WELL, asr=""), []),
    "VBA is off": (excel(vba_off=True, warnings=4, trusted=False), ["ADD233"]),
    "add-ins are off": (excel(addins_off=True), ["ADD234"]),
    "add-ins must be signed": (excel(signed_only=True), ["ADD235"]),
    "only signed macros, folder trusted": (excel(warnings=3), []),
    "no macros, folder trusted": (excel(warnings=4), []),
    "no macros, folder not trusted": (excel(warnings=4, trusted=False), ["ADD236"]),
    "macros ask, folder not trusted": (excel(trusted=False), ["ADD236"]),
    "all macros run": (excel(warnings=1, trusted=False, locations_off=True), []),
    "trusted locations are off": (excel(warnings=3, locations_off=True), ["ADD237"]),
    "Excel disabled the add-in": (excel(disabled=(ADDIN.lower(),)), ["ADD238"]),
    "Excel disabled another add-in": (excel(disabled=(r"c:\other.xlam",)), []),
    "two copies": (excel(rivals=(Rival(r"C:\AddIns\TowerDesk.xlam", same=True),)), ["ADD239"]),
    "another add-in of the same tab": (excel(rivals=(Rival(r"C:\AddIns\x.xlam", same=False, shares="选项卡“塔务台”"),)), ["ADD240"]),
    "WPS stands for Excel": (excel(server=r"C:\Kingsoft\office6\et.exe /automation"), ["ADD241"]),
    "the helper does not run": (replace(WELL, helper=""), ["ADD242"]),
    "the helper is of another version": (replace(WELL, helper="0.0.9"), ["ADD243"]),
    "the extension is gone": (replace(WELL, office=Office("24.8", "cn.towerdesk.addin")), ["ADD244"]),
    "the extension is of another version": (replace(WELL, office=Office("24.8", "cn.towerdesk.addin", "0.0.9")), ["ADD245"]),
    "LibreOffice is not reached": (replace(WELL, office=Office("24.8", "cn.towerdesk.addin", "0.1.0", "版本不同")), ["ADD246"]),
    "WPS lost the entry": (replace(WELL, wps=(Wps("publish.xml"),)), ["ADD247"]),
    "WPS refuses the add-in": (replace(WELL, wps=(Wps("publish.xml", entered=True, refused=True),)), ["ADD250"]),
    "one program was left out": (replace(WELL, parts=frozenset({"base", "excel", "wps"})), ["ADD251"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_state_is_found(name: str) -> None:
    facts, expected = BAD[name]
    assert codes(facts) == expected


def test_every_finding_of_the_examination_has_a_state_that_brings_it() -> None:
    said = {code for _, expected in BAD.values() for code in expected}
    assert {code for code in catalogue() if "ADD220" <= code <= "ADD299"} <= said


def test_errors_make_the_status_and_the_conclusion() -> None:
    answer = doctor.told(replace(WELL, asr="block", helper="0.0.9"))
    assert (answer.status, answer.data["healthy"]) == (1, False)
    assert "✗ 启动程序的许可：已禁止" in answer.text
    assert "！ 助手：正在运行，版本 0.0.9" in answer.text
    assert answer.text.endswith("结论：1 处须解决，1 处可改进。")


def test_warnings_alone_leave_the_machine_healthy() -> None:
    answer = doctor.told(replace(WELL, helper="0.0.9"))
    assert (answer.status, answer.data["healthy"]) == (0, True)
    assert answer.text.endswith("结论：1 处可改进。")


def test_a_marked_file_is_worse_where_policy_refuses_marked_files() -> None:
    marked = replace(excel(marked_blocked=True), files=(Installed("excel", ADDIN, "same", "ZoneId=3"),))
    assert "本单位策略不许打开" in doctor.told(marked).text


def test_a_machine_without_programs_has_only_the_programs_own_checks() -> None:
    bare = replace(WELL, platform="linux", excel=None, office=None, wps=(), asr="", register="", parts=frozenset({"base"}), present=frozenset())
    assert [check["name"] for check in doctor.told(bare).data["checks"]] == ["interpreter", "libraries", "calendar", "files", "helper", "missing"]


def test_every_check_has_a_function_and_every_function_a_check() -> None:
    functions = {
        name for module in (checks, checks_programs) for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    assert functions == {check.name for check in doctor.every()}


# ---------------------------------------------------------------- reading Excel's settings

USER = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
ENVIRONMENT = {"APPDATA": r"C:\Users\甲\AppData\Roaming"}
STARTUP = r"C:\Users\甲\AppData\Roaming\Microsoft\Excel\XLSTART"


def read(keys: dict[str, dict[str, object]]) -> Excel:
    return gather_excel.settings(Registry(keys), "16.0", STARTUP, (), ENVIRONMENT)


@pytest.mark.parametrize(
    ("keys", "field", "value"),
    [
        ({}, "warnings", 0),
        ({USER: {"VBAWarnings": 3}}, "warnings", 3),
        ({USER: {"VBAWarnings": 1}, POLICY: {"vbawarnings": 4}}, "warnings", 4),
        ({USER: {"VBAWarnings": "many"}}, "warnings", 0),
        ({POLICY: {"blockcontentexecutionfrominternet": 1}}, "marked_blocked", True),
        ({POLICY: {"blockcontentexecutionfrominternet": 0}}, "marked_blocked", False),
        ({r"HKCU\Software\Policies\Microsoft\Office\16.0\Common": {"VBAOff": 1}}, "vba_off", True),
        ({USER: {"DisableAllAddins": 1}}, "addins_off", True),
        ({POLICY: {"RequireAddinSig": 1}}, "signed_only", True),
        ({USER + r"\Trusted Locations": {"AllLocationsDisabled": 1}}, "locations_off", True),
        ({r"HKCR\CLSID\{00024500-0000-0000-C000-000000000046}\LocalServer32": {"": "et.exe"}}, "server", "et.exe"),
    ],
)
def test_a_setting_is_read_from_the_registry(keys: dict[str, dict[str, object]], field: str, value: object) -> None:
    assert getattr(read(keys), field) == value


@pytest.mark.parametrize(
    ("location", "trusted"),
    [
        ({"Path": STARTUP}, True),
        ({"Path": STARTUP.lower() + "\\"}, True),
        ({"Path": r"%APPDATA%\Microsoft\Excel\XLSTART"}, True),
        ({"Path": r"%AppData%\Microsoft"}, False),
        ({"Path": r"%APPDATA%\Microsoft", "AllowSubfolders": 1}, True),
        ({"Path": r"%APPDATA%\Micro", "AllowSubFolders": 1}, False),
        ({"Path": r"C:\Program Files\Microsoft Office\Root\Templates"}, False),
        ({"Description": "no path"}, False),
    ],
)
def test_the_add_ins_folder_is_trusted_or_not(location: dict[str, object], trusted: bool) -> None:
    assert read({USER + r"\Trusted Locations\Location3": location}).trusted is trusted


@pytest.mark.parametrize(("keys", "trusted"), [({}, False), ({USER + r"\Trusted Locations": {"AllowNetworkLocations": 1}}, True)])
def test_a_folder_on_the_network_is_trusted_only_where_such_folders_are(keys: dict[str, dict[str, object]], trusted: bool) -> None:
    assert gather_excel.settings(Registry(keys), "16.0", r"\\server\甲\XLSTART", (), ENVIRONMENT).trusted is trusted


def test_excel_that_was_never_started_trusts_its_own_folder() -> None:
    assert read({}).trusted is True


def test_the_paths_of_disabled_items_are_read() -> None:
    path, name = (ADDIN.lower() + "\0").encode("utf-16-le"), "塔务台\0".encode("utf-16-le")
    item = (1).to_bytes(4, "little") + len(path).to_bytes(4, "little") + len(name).to_bytes(4, "little") + path + name
    assert gather_excel.disabled([item, b"short", "text"]) == (ADDIN.lower(),)


RULE = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
OTHER = "75668C1F-73B5-4CF0-BB93-3ECF5CB7CC84"
RULES = r"HKLM\Software\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
MANAGER = r"HKLM\Software\Policies\Microsoft\Windows Defender\Policy Manager"


@pytest.mark.parametrize(
    ("keys", "action"),
    [
        ({}, ""),
        ({RULES: {RULE: "1"}}, "block"),
        ({RULES: {RULE.lower(): "2"}}, "audit"),
        ({RULES: {RULE: "6"}}, "warn"),
        ({RULES: {RULE: "0"}}, "off"),
        ({RULES: {OTHER: "1"}}, ""),
        ({MANAGER: {"ASRRules": f"{OTHER}=2|{RULE.lower()}=1"}}, "block"),
        ({MANAGER: {"ASRRules": f"{OTHER}=1"}}, ""),
        ({r"HKLM\Software\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules": {RULE: "1"}}, "block"),
    ],
)
def test_defenders_rule_is_read_from_policy(keys: dict[str, dict[str, object]], action: str) -> None:
    assert gather_excel.by_policy(Registry(keys)) == action


@pytest.mark.parametrize(
    ("ids", "actions", "action"),
    [
        ([OTHER, RULE], [1, 6], "warn"),
        ([RULE.lower()], [1], "block"),
        (RULE, 2, "audit"),
        ([OTHER], [1], "off"),
        (None, None, "off"),
        ([RULE], [9], ""),
    ],
)
def test_defenders_rule_is_read_from_its_own_answer(ids: object, actions: object, action: str) -> None:
    told = json.dumps({"AttackSurfaceReductionRules_Ids": ids, "AttackSurfaceReductionRules_Actions": actions})
    assert gather_excel.by_defender(told) == action


@pytest.mark.parametrize("told", ["", "Get-MpPreference : 拒绝访问", "[]", "{}"])
def test_a_defender_that_says_nothing_is_not_taken_for_off(told: str) -> None:
    assert gather_excel.by_defender(told) == ""


def small_addin(tab: str, project: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("customUI/customUI14.xml", f'<customUI><ribbon><tabs><tab id="t" label="{tab}"/></tabs></ribbon></customUI>')
        package.writestr("xl/vbaProject.bin", b"..." + f'ID="x"\r\nName="{project}"\r\n'.encode())
    return held.getvalue()


def test_our_add_in_takes_a_tab_and_a_project_name(tmp_path: Path) -> None:
    from addin.build import xlam

    (tmp_path / "TowerDesk.xlam").write_bytes(xlam.made())
    assert gather_excel.traits(tmp_path / "TowerDesk.xlam") == {"tab": "选项卡“塔务台”", "project": "宏工程名“TowerDesk”"}


@pytest.mark.parametrize(
    ("name", "addin", "found"),
    [
        ("其他.xlam", small_addin("财务", "Finance"), []),
        ("其他.xlam", small_addin("塔务台", "Finance"), [(False, "选项卡“塔务台”")]),
        ("其他.xla", small_addin("财务", "TowerDesk"), [(False, "宏工程名“TowerDesk”")]),
        ("旧.xlam", small_addin("塔务台", "TowerDesk"), [(True, "选项卡“塔务台”、宏工程名“TowerDesk”")]),
        ("TowerDesk (1).xlam", b"no package", [(True, "")]),
        ("PERSONAL.XLSB", small_addin("塔务台", "TowerDesk"), []),
    ],
)
@pytest.mark.parametrize("place", ["XLSTART", "AddIns", "second"])
def test_an_add_in_beside_ours_is_judged_by_its_names(tmp_path: Path, place: str, name: str, addin: bytes, found: list[tuple[bool, str]]) -> None:
    for folder in ("XLSTART", "AddIns", "second"):
        (tmp_path / folder).mkdir()
    (tmp_path / "XLSTART" / "TowerDesk.xlam").write_bytes(small_addin("塔务台", "TowerDesk"))
    (tmp_path / place / name).write_bytes(addin)
    others = gather_excel.rivals(tmp_path / "XLSTART", [tmp_path / "second", None])
    assert [(one.same, one.shares) for one in others] == found


def test_a_copy_ticked_in_excels_own_list_is_found_wherever_it_lies(tmp_path: Path) -> None:
    elsewhere = tmp_path / "下载" / "TowerDesk.xlam"
    assert gather_excel.rivals(tmp_path / "XLSTART", [], [elsewhere]) == (Rival(str(elsewhere), same=True),)
    assert gather_excel.rivals(tmp_path / "XLSTART", [], [tmp_path / "XLSTART" / "TowerDesk.xlam"]) == ()


def test_excels_list_of_add_ins_is_read_from_its_options() -> None:
    options = {"OPEN": r'/R "C:\下载\TowerDesk.xlam"', "open12": r'"D:\财务 1.xla"', "OPEN1": "ANALYS32.XLL", "Options": r"C:\x.xlam", "OPENx": r"C:\y"}
    assert [str(path) for path in gather_excel.opened(options)] == [r"C:\下载\TowerDesk.xlam", r"D:\财务 1.xla"]


# ---------------------------------------------------------------- reading the rest of the machine


def test_an_installed_file_is_the_same_changed_or_gone(tmp_path: Path) -> None:
    path = tmp_path / "TowerDesk.xlam"
    path.write_bytes(b"a")
    item = Item("file", "excel", str(path), "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")  # sha256 of "a"
    assert gather.look(item).state == "same"
    path.write_bytes(b"b")
    assert gather.look(item).state == "changed"
    path.unlink()
    assert gather.look(item).state == "gone"


def test_this_interpreter_introduces_itself(tmp_path: Path) -> None:
    told = gather.introduced(sys.executable, tmp_path)
    assert (told.version, told.product, told.fault) == (sys.version_info[:3], version("towerdesk"), "")


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for a program")
@pytest.mark.parametrize(("script", "fault"), [("exit 1", "不能启动"), ("echo no json", "不能启动"), ("echo '{}'", "不能启动")])
def test_an_interpreter_that_does_not_work_is_said_so(tmp_path: Path, script: str, fault: str) -> None:
    program = tmp_path / "python3"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    assert fault in gather.introduced(str(program), tmp_path).fault


def test_folders_of_cloud_drives_are_known_by_their_variables() -> None:
    environment = {"OneDrive": r"C:\Users\甲\OneDrive", "OneDriveCommercial": "", "PATH": "x"}
    assert gather.synced(environment) == ((r"C:\Users\甲\OneDrive", "OneDrive"),)


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"towerdesk": {"enable": True, "isload": True}}, False),
        ({"towerdesk": {"enable": True, "isload": False}}, True),
        ({"et": {"towerdesk": {"enable": False}}}, True),
        ({"et": [{"name": "towerdesk", "path": "x", "enable": False, "isload": False}]}, True),
        ({"et": [{"path": "…/jsaddons/towerdesk_0.1.0", "enable": True, "isload": True}]}, False),
        ({"et": [{"name": "别家", "enable": False}]}, False),
        ([], False),
        ("towerdesk", False),
    ],
)
def test_wps_own_record_of_consent_is_read(tmp_path: Path, told: object, refused: bool) -> None:
    path = tmp_path / "authaddin.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert gather_office.refused(path, "towerdesk") is refused


@pytest.mark.parametrize("text", ["", "{", "\x00"])
def test_a_record_that_cannot_be_read_refuses_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "authaddin.json").write_text(text, encoding="utf-8")
    assert gather_office.refused(tmp_path / "authaddin.json", "towerdesk") is False
    assert gather_office.refused(tmp_path / "none.json", "towerdesk") is False


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("bootstraprc", "[Bootstrap]\nInstallMode=<installmode>\nProductKey=LibreOffice 7.4\n", "7.4"),
        ("bootstrap.ini", "[Bootstrap]\r\nProductKey=LibreOffice 24.8\r\n", "24.8"),
        ("bootstraprc", "[Bootstrap]\n", ""),
        ("other", "ProductKey=LibreOffice 7.4", ""),
    ],
)
def test_libreoffices_version_is_read_from_its_files(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert libreoffice.program_version(tmp_path) == told


def test_a_profile_without_extensions_has_none(tmp_path: Path) -> None:
    assert libreoffice.registered(tmp_path) == {}


# ---------------------------------------------------------------- a real examination


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A user of Linux with WPS, installed for real on this disk."""
    own, data = tmp_path / "own", tmp_path / "data"
    monkeypatch.setenv("TOWERDESK_HOME", str(own))
    made = Machine(
        "linux", tmp_path, own, tmp_path / "config", data, Path(sys.executable), version("towerdesk"), tmp_path, (data / "jsaddons",), (), None,
        tmp_path / "profile", frozenset({"wps"}),
    )
    goods = Goods(wps={"towerdesk_0.1.0/main.js": b"//"}, entry='<jsplugin name="towerdesk" type="et" enable="enable_dev"/>', entry_name="towerdesk")
    items, findings = apply.do(made, plan(made, goods, ["wps"]))
    assert findings == []
    apply.remember(items)
    return made


def test_a_fresh_installation_is_found_healthy(machine: Machine) -> None:
    answer = status(machine=machine)
    assert {check["name"]: check["state"] for check in answer.data["checks"] if check["name"] != "calendar"} == {
        "interpreter": "good", "libraries": "good", "files": "good", "helper": "good", "missing": "good", "wps": "good",
    }
    assert answer.status == 0
    assert answer.data["version"] == version("towerdesk")


def test_what_befalls_an_installation_is_found(machine: Machine) -> None:
    (machine.jsaddons[0] / "towerdesk_0.1.0" / "main.js").unlink()
    (machine.jsaddons[0] / "publish.xml").write_text("<jsplugins/>", encoding="utf-8")
    (machine.own / "launch.txt").write_bytes("\ufeff/gone/python\r\n0.1.0\r\n".encode("utf-16-le"))
    answer = status(machine=machine)
    assert [said["code"] for said in answer.data["findings"] if said["severity"] == "error"] == ["ADD221", "ADD227", "ADD226", "ADD247"]
    assert answer.status == 1


def test_the_registers_longest_path_is_measured(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    (folder / "需求台账.xlsx").touch()
    assert gather.gather(machine, str(folder)).longest == len(str(folder / "需求台账.xlsx"))
    assert gather.gather(machine, "https://x/台账").longest == 0


def test_a_damaged_launch_file_counts_as_none(machine: Machine) -> None:
    (machine.own / "launch.txt").write_bytes(b"\xff\xfe\x00")
    assert gather.launched(machine) == (None, "")


def test_the_pages_checks_are_plain_data() -> None:
    rows = tomllib.loads(Path(doctor.__file__).with_name("checks.toml").read_text(encoding="utf-8"))["check"]
    assert [check.name for check in doctor.every()] == [row["name"] for row in rows]
