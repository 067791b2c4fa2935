"""Excel with TowerDesk.xlam loaded, for the tests of its macros: an interpreter of VBA and what it lacks.

The interpreter (pyOpenVBA) brings Excel's objects. The objects of Windows stood in for here do the real thing on this
machine: HTTP over real sockets, files of a real folder. Only the start of a program is written down instead of done.
"""

# The interpreter's classes carry no types that mypy can see.
# mypy: disable-error-code="misc,untyped-decorator,no-untyped-call"

from __future__ import annotations

import datetime as dt
import http.client
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from pyopenvba.apps.excel import Application, ExcelApplication
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.interpreter import EMPTY, Interpreter, VBAInt, VBAObject, VBARuntimeError, member, method, setter
from pyopenvba.interpreter import _ast as syntax

from addin.build.xlam import made, modules
from addin.desk import Caller, caller_of

HWND = 1_181_234
NOON = dt.datetime(2026, 3, 2, 12, 0, 0)


# Objects of Windows that the interpreter lacks

class Ribbon(VBAObject):
    vba_type_name = "IRibbonUI"

    def __init__(self) -> None:
        self.redrawn = 0

    @method
    def Invalidate(self) -> object:  # noqa: N802
        self.redrawn += 1
        return EMPTY


class Control(VBAObject):
    vba_type_name = "IRibbonControl"

    def __init__(self, id: str, tag: str = "") -> None:
        self.id, self.tag = id, tag

    @member
    def Id(self) -> object:  # noqa: N802
        return self.id

    @member
    def Tag(self) -> object:  # noqa: N802
        return self.tag


class Variables(VBAObject):
    """WScript.Shell's Environment("PROCESS")."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    @member(default=True)
    def Item(self, Name: object) -> object:  # noqa: N802, N803
        return self.values.get(str(Name), "")

    @setter("Item")
    def _set(self, Name: object, value: object) -> None:  # noqa: N803
        self.values[str(Name)] = str(value)


class Shell(VBAObject):
    """WScript.Shell: expands %NAME% in one pass as Windows does, and writes down what it was to start."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    @method
    def ExpandEnvironmentStrings(self, Source: object) -> object:  # noqa: N802, N803
        known = self.machine.variables
        return re.sub(r"%([^%]+)%", lambda found: known.get(found[1], found[0]), str(Source))

    @member
    def Environment(self, Type: object) -> object:  # noqa: N802, N803
        assert Type == "PROCESS"
        return Variables(self.machine.variables)

    @method
    def Run(self, Command: object, Style: object, Wait: object) -> object:  # noqa: N802, N803
        if self.machine.blocked:
            raise VBARuntimeError(*self.machine.blocked)
        self.machine.started.append((str(self.ExpandEnvironmentStrings(Command)), int(str(Style)), bool(Wait)))
        return EMPTY


class Stream(VBAObject):
    def __init__(self, text: str) -> None:
        self.text = text

    @method
    def ReadAll(self) -> object:  # noqa: N802
        return self.text

    @method
    def Close(self) -> object:  # noqa: N802
        return EMPTY


class Files(VBAObject):
    """Scripting.FileSystemObject over a folder of this machine."""

    @method
    def FileExists(self, Name: object) -> object:  # noqa: N802, N803
        return self._path(Name).is_file()

    @method
    def OpenTextFile(self, Name: object, Mode: object, Create: object, Format: object) -> object:  # noqa: N802, N803
        assert (int(str(Mode)), bool(Create)) == (1, False)
        try:
            return Stream(self._path(Name).read_bytes().decode({0: "ascii", -1: "utf-16"}[int(str(Format))]))
        except UnicodeDecodeError as error:
            raise VBARuntimeError(62, str(error)) from error

    @staticmethod
    def _path(name: object) -> Path:
        return Path(str(name).replace("\\", "/"))


class Http(VBAObject):
    """MSXML2.ServerXMLHTTP.6.0 over real sockets."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.headers: dict[str, str] = {}
        self.proxy = 0
        self.answer = (0, "")

    @method(name="setProxy")
    def set_proxy(self, kind: object) -> object:
        self.proxy = int(str(kind))
        return EMPTY

    @method(name="setTimeouts")
    def set_timeouts(self, resolve: object, connect: object, send: object, receive: object) -> object:
        self.seconds = sum(float(str(one)) for one in (resolve, connect, send, receive)) / 1000
        return EMPTY

    @method(name="Open")
    def open(self, verb: object, address: object, later: object) -> object:
        assert not later
        self.verb, self.address = str(verb), str(address)
        return EMPTY

    @method(name="setRequestHeader")
    def set_header(self, name: object, value: object) -> object:
        self.headers[str(name)] = str(value)
        return EMPTY

    @method(name="send")
    def send(self, body: object) -> object:
        assert self.proxy == 1, "the helper is reached without a proxy"
        _, _, place, path = self.address.split("/", 3)
        self.machine.waits.append((f"/{path}", self.seconds))
        link = http.client.HTTPConnection(place, timeout=self.seconds)
        try:
            link.request(self.verb, f"/{path}", str(body).encode("utf-8"), self.headers)
            answer = link.getresponse()
            self.answer = answer.status, answer.read().decode("utf-8")
        except (OSError, http.client.HTTPException) as error:
            raise VBARuntimeError(-2147012867, str(error)) from error
        finally:
            link.close()
        return EMPTY

    @member
    def Status(self) -> object:  # noqa: N802
        return VBAInt(self.answer[0], "Long")

    @member(name="responseText")
    def text(self) -> object:
        return self.answer[1]


class Excel(Application):
    vba_type_name = "Application"

    @member
    def Hwnd(self) -> object:  # noqa: N802
        return VBAInt(HWND, "Long")


@dataclass
class Machine:
    """What the macros find on the computer, and what they did there."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)
    blocked: tuple[int, str] | None = None
    started: list[tuple[str, int, bool]] = field(default_factory=list)
    waits: list[tuple[str, float]] = field(default_factory=list)
    mac_calls: list[list[object]] = field(default_factory=list)


class Host(ExcelBridge):
    def __init__(self, application: Application, machine: Machine) -> None:
        super().__init__(application)
        self.machine = machine

    def create(self, type_name_: str) -> object:
        return {
            "WScript.Shell": lambda: Shell(self.machine),
            "Scripting.FileSystemObject": Files,
            "MSXML2.ServerXMLHTTP.6.0": lambda: Http(self.machine),
        }[type_name_]()

    def has_global_member(self, name: str) -> bool:
        return name.lower() == "applescripttask" or super().has_global_member(name)

    def call_global(self, name: str, args: list[object], named: dict[str, object]) -> object:
        if name.lower() == "applescripttask":
            self.machine.mac_calls.append(args)
            return "started"
        return super().call_global(name, args, named)


class Project(Interpreter):
    """The interpreter, taught what it does otherwise than VBA.

    It does not know Module.Procedure, by which only public procedures of that module may be called; and its AscW does
    not give the negative numbers of VBA's 16-bit integers.
    """

    def __init__(self, host: ExcelBridge) -> None:
        super().__init__(host)
        self._intrinsics["ascw"] = lambda _, words, named: VBAInt((ord(str(words[0])[0]) + 0x8000) % 0x10000 - 0x8000, "Integer")

    def evaluate_call(self, callee: Any, args: Any, frame: Any, *, statement_context: bool = False) -> object:
        named = isinstance(callee, syntax.Member) and isinstance(callee.target, syntax.Name) and callee.target.name.lower()
        if not named or named not in self.modules or self.modules[named].is_class:
            return super().evaluate_call(callee, args, frame, statement_context=statement_context)
        module = self.module(named)
        procedure = module.procedure(callee.name)
        assert procedure is not None, f"{callee.target.name}.{callee.name} does not exist"
        assert procedure.scope == "public", f"{callee.target.name}.{callee.name} is private"
        positional, by_name = self._arguments(args, frame, procedure=procedure)
        return self.call(procedure, module, positional, by_name)


@dataclass
class Stage:
    """Excel with the add-in loaded and perhaps a workbook open."""

    excel: ExcelApplication
    machine: Machine
    ribbon: Ribbon

    def run(self, macro: str, *words: object) -> Any:
        return self.excel.run(macro, *words)

    def click(self, id: str) -> None:
        self.run("TowerRibbon.OnAction", Control(id))

    def select(self, address: str, sheet: str = "需求") -> None:
        """Select cells; the application's events follow, which the interpreter does not pass on by itself."""
        book = self.excel.application.active_book
        assert book is not None
        self.excel.evaluate(f'Worksheets("{sheet}").Activate')
        self.excel.evaluate(f'Worksheets("{sheet}").Range("{address}").Select')
        self.run("ThisWorkbook.App_SheetSelectionChange", book.active_sheet, book.active_sheet.selection)

    @property
    def status(self) -> Any:
        return self.excel.application.status_bar

    @property
    def said(self) -> list[str]:
        return [prompt for _, prompt, _, _ in self.excel.interpreter.dialogs]

    @property
    def orders(self) -> list[Caller]:
        """What the started commands order, as the program's own parser understands them."""
        found = []
        for command, _, _ in self.machine.started:
            words = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', command)]
            found.append(caller_of(words[words.index("click") + 1 :]))
        return found


@cache
def built() -> bytes:
    return made()


def stage(folder: Path, book: Path | None = None, mac: bool = False) -> Stage:
    home = folder / "家 %a% & b"
    home.mkdir(exist_ok=True)
    machine = Machine(home, {"TOWERDESK_HOME": str(home), "TEMP": "C:/Temp"})
    excel = ExcelApplication()
    excel.application = Excel()
    excel.interpreter = Project(Host(excel.application, machine))
    excel.application.interpreter = excel.interpreter
    addin = folder / "TowerDesk.xlam"
    addin.write_bytes(built())
    excel.application._this_workbook = excel.open_workbook(addin)
    for module in modules():
        source = module.source.replace("Private WithEvents App", "Private App")  # the interpreter has no WithEvents
        if mac:
            source = source.replace("#If Mac Then", "#If True Then")
        excel.add_module(source, name=module.name, kind="standard" if module.kind == "standard" else "document")
    excel.freeze_clock(NOON)
    excel.application.active_book = None  # an add-in's own workbook is never the active one
    if book:
        excel.open_workbook(book)
    ribbon = Ribbon()
    excel.run("TowerRibbon.OnLoad", ribbon)
    return Stage(excel, machine, ribbon)


def workbook(path: Path) -> Path:
    """Sheets 需求 and 工单 with rows 2 to 12, of which 4 and 5 of 需求 are hidden."""
    book = openpyxl.Workbook()
    for number, title in enumerate(("需求", "工单")):
        sheet = book.create_sheet(title, number)
        for row in range(1, 13):
            sheet.append([f"{title}{row}", row])
    book["需求"].row_dimensions[4].hidden = True
    book["需求"].row_dimensions[5].hidden = True
    book.save(path)
    return path
