"""A real LibreOffice takes the extension in for one user, shows it, and gives it back without a trace."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from addin.build import oxt
from addin.install import apply, install, libreoffice, status, uninstall
from addin.install.goods import described
from addin.install.machine import Machine
from addin.libreoffice.engine.loading import load_uno
from macros.commands import Answer

pytestmark = pytest.mark.office
PATIENCE = 60.0
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@dataclass
class Life:
    """What was seen at each moment of one installation."""

    machine: Machine
    installed: Answer
    examined: Answer
    seen: dict[str, str]
    menus: list[str]
    again: Answer
    after_again: str
    removed: Answer
    after_removal: str
    left: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def office() -> Path:
    """LibreOffice's program folder; its absence fails in continuous integration and skips elsewhere."""
    found = shutil.which("soffice")
    if found and shutil.which("unopkg"):
        return Path(found).resolve().parent
    if os.environ.get("CI") == "true":
        pytest.fail("LibreOffice is missing")
    pytest.skip("LibreOffice is missing")


def as_user(home: Path) -> tuple[str, ...]:
    """The words that run a program with that home folder; LibreOffice registers nothing for root alone, so not as root."""
    plain = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if IS_ROOT else ()
    return (*plain, "env", "-u", "XDG_CONFIG_HOME", "-u", "XDG_DATA_HOME", f"HOME={home}")


@contextmanager
def running(home: Path) -> Iterator[Any]:
    """A headless LibreOffice of that user, as its component context."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [*as_user(home), "soffice", "--headless", "--norestore", "--nologo", f"--accept=socket,host=127.0.0.1,port={port};urp;"]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        context = answering(process, port)
        yield context
        context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
        process.wait(PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def answering(process: subprocess.Popen[bytes], port: int) -> Any:
    """The office's component context, once it answers."""
    local = load_uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(Exception):  # it is not there yet
            return resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
        time.sleep(0.1)
    pytest.fail(f"LibreOffice does not answer, status {process.poll()}")


def extensions(context: Any) -> dict[str, str]:
    """The extensions that the running office knows, with their versions."""
    found = context.getValueByName("/singletons/com.sun.star.deployment.PackageInformationProvider").getExtensionList()
    return dict(found)


def menus(context: Any) -> list[str]:
    """The titles of the menus that extensions add to the running office's menu bar."""
    provider = context.ServiceManager.createInstanceWithContext("com.sun.star.configuration.ConfigurationProvider", context)
    where = load_uno().createUnoStruct("com.sun.star.beans.PropertyValue")
    where.Name, where.Value = "nodepath", "/org.openoffice.Office.Addons/AddonUI/OfficeMenuBar"
    bar = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (where,))
    return [bar.getByName(name).Title for name in bar.ElementNames]


def listed(machine: Machine) -> str:
    """What LibreOffice's own tool says is registered for the user."""
    done = subprocess.run([*machine.unopkg, "list"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def life(office: Path) -> Iterator[Life]:
    """Install, start the office, install again beside it, examine, remove."""
    with tempfile.TemporaryDirectory(prefix="towerdesk 塔务台 ") as scratch, pytest.MonkeyPatch.context() as patch:
        home = Path(scratch)
        home.chmod(0o755)  # the office may run as another user than the tests
        if IS_ROOT:
            os.chown(home, 65534, 65534)
        own = home / ".local" / "share" / "towerdesk"
        own.parent.mkdir(parents=True)
        patch.setenv("TOWERDESK_HOME", str(own))
        machine = Machine(
            "linux", home, own, home / ".config", home / ".local" / "share", Path(sys.executable), version("towerdesk"), home, (),
            (*as_user(home), "unopkg"), office, home / ".config" / "libreoffice" / "4", frozenset({"libreoffice"}),
        )
        installed = install(machine=machine)
        with running(home) as context:
            seen, titles = extensions(context), menus(context)
            again = install(machine=machine)
            after_again = listed(machine)
            examined = status(machine=machine)
        removed = uninstall(machine=machine)
        yield Life(
            machine, installed, examined, seen, titles, again, after_again, removed, listed(machine),
            [path.name for path in own.parent.rglob("*")],
        )


def test_installing_finds_nothing_wrong(life: Life) -> None:
    assert (life.installed.status, life.installed.data["findings"]) == (0, [])
    assert life.installed.data["programs"] == ["libreoffice"]


def test_the_office_sees_the_extension_in_our_version(life: Life) -> None:
    identifier, told = described(oxt.made())
    assert life.seen == {identifier: told}
    assert told == version("towerdesk")


def test_the_office_has_our_menu(life: Life) -> None:
    assert life.menus == ["塔务台"]


def test_installing_beside_a_running_office_works_and_asks_for_a_restart(life: Life) -> None:
    assert (life.again.status, [said["code"] for said in life.again.data["findings"]]) == (0, ["ADD213"])
    assert life.after_again.count("Identifier: ") == 1


def test_the_examination_finds_the_extension_while_the_office_runs(life: Life) -> None:
    found = {check["name"]: check for check in life.examined.data["checks"]}
    assert found["libreoffice"]["state"] == "good"
    assert version("towerdesk") in found["libreoffice"]["said"]
    assert found["bridge"]["state"] == "good"


def test_removing_leaves_nothing(life: Life) -> None:
    assert (life.removed.status, life.removed.data["findings"], life.removed.data["left"]) == (0, [], [])
    assert "Identifier: " not in life.after_removal
    assert life.left == []  # besides the profile that LibreOffice made for itself
    assert not (life.machine.config / "autostart").exists()
    assert libreoffice.registered(life.machine.profile) == {}


def test_removing_what_is_not_there_is_no_mistake(life: Life) -> None:
    items, findings = apply.undo(life.machine, [apply.Item("extension", "libreoffice", "TowerDesk.oxt", "cn.towerdesk.addin")])
    assert (items, findings) == ([], [])


def test_a_file_that_is_no_extension_is_refused_with_the_tools_words(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "broken.oxt"
    path.write_bytes(b"no package")
    said = libreoffice.register(life.machine.unopkg, path)
    assert said is not None and said.code == "ADD207"


@pytest.mark.skipif(not IS_ROOT, reason="only root is refused")
def test_root_is_told_to_use_another_user(office: Path, tmp_path: Path) -> None:
    said = libreoffice.register(("unopkg",), tmp_path / "x.oxt")
    assert said is not None and said.code == "ADD208"


def test_a_tool_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    said = libreoffice.register((str(tmp_path / "unopkg"),), tmp_path / "x.oxt")
    assert said is not None and said.code == "ADD207"
