"""A shell that has read the script completes commands and options."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.city import run

ASKED = {
    "commands": ("towerdesk rec", 1, ["reconcile"]),
    "options": ("towerdesk board --j", 2, ["--json"]),
    "words below": ("towerdesk workdays be", 2, ["between"]),
    "choices": ("towerdesk report mee", 2, ["meeting"]),
}


@pytest.mark.parametrize(("line", "at", "expected"), ASKED.values(), ids=ASKED)
def test_bash_completes(tmp_path: Path, line: str, at: int, expected: list[str]) -> None:
    script = tmp_path / "towerdesk.bash"
    script.write_text(run("completion", "bash").text, encoding="utf-8")
    asked = (
        f'source "{script}"; COMP_WORDS=({line}); COMP_CWORD={at}; COMP_LINE="{line}"; COMP_POINT=${{#COMP_LINE}}; '
        '$(complete -p towerdesk | sed "s/.*-F \\([^ ]*\\).*/\\1/"); printf "%s\\n" "${COMPREPLY[@]}"'
    )
    told = subprocess.run(["bash", "-c", asked], capture_output=True, encoding="utf-8", check=True)
    assert told.stdout.split() == expected
