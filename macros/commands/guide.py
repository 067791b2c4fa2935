"""papers, guide: where the finished papers lie, and the user's guide to look at, to print, or as a PDF."""

from __future__ import annotations

from pathlib import Path

from macros.commands import Answer
from macros.commands.forming import OUT
from macros.commands.lists import some
from macros.hosts import Refused, refuse

_DOCS = Path(__file__).parents[2] / "docs"
#: The user's guide as a page that every browser opens, and as the Word file that is printed.
GUIDE = _DOCS / "用户手册.html"
BOOK = GUIDE.with_suffix(".docx")


def papers(folder: Path, now: str | None = None) -> Answer:
    """The folder of the finished papers and the newest of them; ``now`` changes nothing.

    Raises:
        Refused: no paper was made yet.
    """
    home = folder / OUT
    found = sorted(home.rglob("*.docx"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    if not found:
        raise refuse("CMD017", value=str(home))
    lines = [f"单据 {len(found)} 份，存于“{home}”。最近的：", *some([f"  {path.name}" for path in found])]
    return Answer({"folder": str(home), "papers": [str(path) for path in found]}, "\n".join(lines))


def guide(kind: str = "page", out: Path = Path()) -> Answer:
    """Where the user's guide is.

    Args:
        kind: page | word | pdf; the last is made of the Word file.
        out: folder of the PDF.

    Raises:
        Refused: no PDF can be made here.
    """
    file = {"page": GUIDE, "word": BOOK}.get(kind) or _printed(out)
    return Answer({"file": str(file)}, f"用户手册：{file}")


def _printed(out: Path) -> Path:
    """The guide as a PDF file in ``out``."""
    from generator.pdf import convert

    made, findings = convert([BOOK], out)
    if BOOK not in made:
        raise Refused(findings[0])
    return made[BOOK].resolve()
