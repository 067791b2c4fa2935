"""papers, guide: where the finished papers lie, and where the user's guide is."""

from __future__ import annotations

from pathlib import Path

from macros.commands import Answer
from macros.commands.forming import OUT
from macros.hosts import refuse

#: The user's guide as a page that every browser opens.
GUIDE = Path(__file__).parents[2] / "docs" / "用户手册.html"
#: Papers listed, the newest first.
_LISTED = 20


def papers(folder: Path, now: str | None = None) -> Answer:
    """The folder of the finished papers and the newest of them; ``now`` changes nothing.

    Raises:
        Refused: no paper was made yet.
    """
    home = folder / OUT
    found = sorted(home.rglob("*.docx"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    if not found:
        raise refuse("CMD017", value=str(home))
    lines = [f"单据 {len(found)} 份，存于“{home}”。最近的：", *(f"  {path.name}" for path in found[:_LISTED])]
    return Answer({"folder": str(home), "papers": [str(path) for path in found]}, "\n".join(lines))


def guide() -> Answer:
    """Where the user's guide is."""
    return Answer({"file": str(GUIDE)}, f"用户手册：{GUIDE}")
