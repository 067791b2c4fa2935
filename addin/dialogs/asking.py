"""Asks for one line of text."""

from __future__ import annotations

from tkinter import StringVar, ttk

from addin.dialogs.looks import px, root, show, window

_LETTERS = 36


def line(title: str, prompt: str, default: str) -> str:
    """What the user typed, without blanks around it; empty when the window was closed."""
    answer: list[str] = []

    def accept() -> None:
        answer.append(typed.get().strip())
        asked.destroy()

    asked = window(title, lambda: asked.destroy())
    typed = StringVar(asked, default)
    frame = ttk.Frame(asked, padding=px(asked, 18))
    frame.pack(fill="both", expand=True)
    ttk.Label(frame, text=prompt, wraplength=px(asked, 420)).pack(anchor="w")
    entry = ttk.Entry(frame, textvariable=typed, width=_LETTERS)
    entry.pack(fill="x", pady=(px(asked, 8), px(asked, 16)))
    entry.selection_range(0, "end")
    entry.icursor("end")
    ttk.Button(frame, text="取消", command=asked.destroy).pack(side="right")
    ttk.Button(frame, text="确定", command=accept, default="active").pack(side="right", padx=px(asked, 8))
    asked.bind("<Return>", lambda event: accept())
    asked.resizable(False, False)
    show(asked, entry)
    root().wait_window(asked)
    return answer[0] if answer else ""
