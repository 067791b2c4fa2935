"""Shows a text for reading, copying and saving, with buttons that answer."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tkinter import Event, Misc, Text, filedialog, font, ttk
from typing import TYPE_CHECKING

from addin.dialogs import KINDS
from addin.dialogs.looks import INK, LINE, PAPER, px, root, show, window
from macros.hosts import Refused
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Size of the text in letters and lines: at least, at most.
_WIDTH, _HEIGHT = (44, 92), (4, 26)


def told(title: str, text: str, choices: Sequence[str]) -> str:
    """The button pressed; the last of the choices when the window was closed otherwise."""
    answer = [choices[-1]]

    def press(choice: str) -> None:
        answer[0] = choice
        shown.destroy()

    shown = window(title, lambda: shown.destroy())
    frame = ttk.Frame(shown, padding=px(shown, 14))
    frame.pack(fill="both", expand=True)
    bar = ttk.Frame(frame)
    bar.pack(side="bottom", fill="x", pady=(px(shown, 12), 0))
    view = _view(frame, text)
    gap = px(shown, 8)
    ttk.Button(bar, text="复制", command=lambda: _copy(shown, text)).pack(side="left")
    ttk.Button(bar, text="存为文本…", command=lambda: _save(shown, title, text, note)).pack(side="left", padx=gap)
    note = ttk.Label(bar, style="Faint.TLabel")
    note.pack(side="left")
    buttons = [ttk.Button(bar, text=choice, command=partial(press, choice)) for choice in choices]
    for button in reversed(buttons):
        button.pack(side="right", padx=(gap, 0))
        button.bind("<Return>", lambda event: event.widget.invoke())
    view.bind("<Return>", lambda event: buttons[0].invoke())
    show(shown, buttons[0])
    root().wait_window(shown)
    return answer[0]


def _view(frame: ttk.Frame, text: str) -> Text:
    """The text, to be read and marked but not changed."""
    lines = text.splitlines() or [""]
    letter = font.nametofont("TkTextFont", frame)
    zero = letter.measure("0")
    wide = min(max(max(letter.measure(line) for line in lines) // zero + 3, _WIDTH[0]), _WIDTH[1])
    high = sum(letter.measure(line) // (zero * wide) + 1 for line in lines)
    view = Text(
        frame, width=wide, height=min(max(high, _HEIGHT[0]), _HEIGHT[1]), wrap="char", font=letter, background=PAPER,
        foreground=INK, relief="flat", highlightthickness=1, highlightbackground=LINE, padx=px(frame, 10),
        pady=px(frame, 8), spacing1=px(frame, 2), spacing3=px(frame, 2), insertwidth=0,
    )
    view.insert("1.0", text)
    view.bind("<Key>", _only_reading)
    if high > _HEIGHT[1]:
        roll = ttk.Scrollbar(frame, command=view.yview)
        view.configure(yscrollcommand=roll.set)
        roll.pack(side="right", fill="y")
    view.pack(side="left", fill="both", expand=True)
    return view


#: Keys that move about in a text or leave it.
_MOVES = {"Up", "Down", "Left", "Right", "Prior", "Next", "Home", "End", "Tab", "ISO_Left_Tab", "Escape"}
_CONTROL, _COMMAND = 0x4, 0x8


def _only_reading(event: Event[Text]) -> str | None:
    held = int(event.state) & (_CONTROL | _COMMAND)
    if held and event.keysym.lower() == "a":
        event.widget.tag_add("sel", "1.0", "end")
        return "break"
    return None if event.keysym in _MOVES or (held and event.keysym.lower() == "c") else "break"


def _copy(shown: Misc, text: str) -> None:
    shown.clipboard_clear()
    shown.clipboard_append(text)
    shown.update()


def _save(shown: Misc, title: str, text: str, note: ttk.Label) -> None:
    """Save the text where the user says, in UTF-8 that every editor recognises."""
    named = filedialog.asksaveasfilename(
        parent=shown, title="存为文本", initialfile=f"{title}.txt", defaultextension=".txt", filetypes=KINDS["text"]
    )
    if not named:
        return

    try:
        replace_bytes(Path(named), text.encode("utf-8-sig"))
    except Refused as refused:
        note.configure(text=refused.finding.message)
    else:
        note.configure(text="已存好")
