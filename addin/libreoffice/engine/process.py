"""An office process of our own: started with a temporary profile, and cleaned away with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from generator.pdf import find_office
from macros.hosts import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

#: An entry of the office's registry: path below org.openoffice, name, type, value.
Setting = tuple[str, str, str, str]

#: Nobody sits at this office: nothing may ask, offer to recover, or leave a lock file behind.
UNATTENDED: tuple[Setting, ...] = (
    ("Office.Common/Misc", "UseLocking", "boolean", "false"),
    ("Office.Common/Misc", "UseDocumentOOoLockFile", "boolean", "false"),
    ("Office.Common/Misc", "FirstRun", "boolean", "false"),
    ("Office.Common/Save/Document", "WarnAlienFormat", "boolean", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "boolean", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "boolean", "false"),
    ("Setup/Office", "ooSetupInstCompleted", "boolean", "true"),
)

#: How often the profile is removed at most, and the seconds after which it is looked for again.
_REMOVALS, _PAUSE = 20, 0.05


@dataclass(slots=True)
class Process:
    """A running office of ours: the process, the pipe it listens on and the profile it lives in."""

    running: subprocess.Popen[bytes]
    pipe: str
    profile: Path

    @property
    def ended(self) -> bool:
        """Whether it has ended. The starter hands over to the program proper and stays as long as that lives."""
        return self.running.poll() is not None

    def stop(self, grace: float) -> None:
        """Wait ``grace`` seconds for the office to end, then kill it and all it started; remove the profile."""
        try:
            self.running.wait(grace)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self.running.kill()
                else:  # a session of its own: the starter and the program proper
                    os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self._remove_profile()

    def _remove_profile(self) -> None:
        """Remove the profile, and once more where a process still ending has written into it meanwhile."""
        for _ in range(_REMOVALS):
            shutil.rmtree(self.profile, ignore_errors=True)
            time.sleep(_PAUSE)
            if not self.profile.exists():
                return


def launch(visible: bool, settings: Iterable[Setting] = ()) -> Process:
    """Start an office; it takes some seconds until it answers on its pipe.

    Args:
        visible: with windows.
        settings: entries of the registry besides the ones that keep an unattended office quiet.

    Raises:
        Refused: LibreOffice is not installed (ADD600).
    """
    office = find_office()
    if office is None:
        raise refuse("ADD600")
    profile = Path(tempfile.mkdtemp(prefix="towerdesk-office-"))
    write_registry(profile, (*UNATTENDED, *settings))
    pipe = f"towerdesk-{profile.name[-8:]}-{os.getpid()}"
    running = subprocess.Popen(
        [
            str(office), *(() if visible else ("--headless",)), "--norestore", "--nologo", "--nodefault",
            "--nofirststartwizard", f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    return Process(running, pipe, profile)


def write_registry(profile: Path, settings: Iterable[Setting]) -> None:
    """Write the settings into a profile that has not been used yet."""
    items = "".join(
        f"<item oor:path={quoteattr('/org.openoffice.' + path)}><prop oor:name={quoteattr(name)} oor:op=\"fuse\" "
        f"oor:type={quoteattr('xs:' + kind)}><value>{escape(value)}</value></prop></item>"
        for path, name, kind, value in settings
    )
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n', encoding="utf-8",
    )
