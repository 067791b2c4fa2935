"""The small windows a click needs: pick papers, pick one of several, type a text, choose files, read a result.

Every answer of a window that was closed without one is empty. The windows load when first shown.

Raises:
    Refused: by every function, when tkinter is not installed (ADD405) or there is no screen (ADD406).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.dialogs import looks

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What `ask_files` can be asked for: the words of each kind of file and its patterns.
KINDS: dict[str, list[tuple[str, str | tuple[str, ...]]]] = {
    "import": [("来文（工作簿、文本表格、Word 表单）", ("*.xlsx", "*.xlsm", "*.xls", "*.csv", "*.txt", "*.docx"))],
    "notice": [("文本文件", ("*.txt", "*.md"))],
    "text": [("文本文件", ("*.txt",))],
}
_CLOSE = "关闭"


def choose(title: str, rows: Sequence[tuple[str, str, bool, str]]) -> list[str]:
    """Let the user tick rows of a list.

    Args:
        title: of the window.
        rows: code, label, whether it can be ticked, and why not.

    Returns:
        The codes ticked, in the order of the rows.
    """
    looks.root()
    from addin.dialogs.picking import ticked

    return ticked(title, rows)


def ask_choice(title: str, options: Sequence[tuple[str, str]]) -> str:
    """Let the user pick one of several options, given as code and label; returns its code."""
    looks.root()
    from addin.dialogs.picking import picked

    return picked(title, options)


def ask_text(title: str, prompt: str, default: str = "") -> str:
    """Let the user type one line."""
    looks.root()
    from addin.dialogs.asking import line

    return line(title, prompt, default)


def ask_files(title: str, kinds: str) -> list[str]:
    """Let the user choose existing files of one of the `KINDS`."""
    root = looks.root()
    from tkinter import filedialog

    types = [*KINDS[kinds], ("所有文件", ("*",))]
    return [str(file) for file in filedialog.askopenfilenames(parent=root, title=title, filetypes=types) or ()]


def ask_folder(title: str, start: str = "") -> str:
    """Let the user choose a folder, beginning at ``start``."""
    root = looks.root()
    from tkinter import filedialog

    return str(filedialog.askdirectory(parent=root, title=title, initialdir=start or None) or "")


def tell(title: str, text: str, choices: Sequence[str] = (_CLOSE,)) -> str:
    """Show a text that can be copied and saved; returns the button pressed, the last one when closed otherwise."""
    looks.root()
    from addin.dialogs.telling import told

    return told(title, text, choices)
