"""Picks rows of a list by mouse or keys: several by ticking them, or one."""

from __future__ import annotations

from dataclasses import dataclass
from tkinter import PhotoImage, StringVar, Toplevel, font, ttk
from typing import TYPE_CHECKING

from addin.dialogs.looks import ACCENT, BACK, FAINT, LINE, PAPER, px, root, show, window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Rows shown at once; longer lists get a search field.
_ROWS = 14
#: Widest the labels and the reasons may get, in pixels of an ordinary screen.
_LABEL, _WHY = 440, 380
#: Half the width of a tick's strokes, as a part of its box.
_STROKE = 0.12


def ticked(title: str, rows: Sequence[tuple[str, str, bool, str]]) -> list[str]:
    """The codes of the rows ticked, in their order; see `addin.dialogs.choose`."""
    marks: set[str] = set()
    able = {code for code, _, enabled, _ in rows if enabled}
    answer: list[str] = []

    def look(code: str) -> PhotoImage:
        return boxes.barred if code not in able else boxes.full if code in marks else boxes.empty

    def mark(codes: set[str]) -> None:
        marks.symmetric_difference_update(codes & able)
        for code in list_.codes():
            list_.tree.item(code, image=look(code))
        count.configure(text=f"已选 {len(marks)} 项" if marks else "单击或按空格键勾选")
        accept.state(["!disabled" if marks else "disabled"])

    def mark_all(codes: set[str]) -> None:
        mark(codes - marks or codes)

    def done() -> None:
        if marks:
            answer.extend(code for code, *_ in rows if code in marks)
            shown.destroy()

    shown = window(title, lambda: shown.destroy())
    boxes = _boxes(shown)
    list_ = _List(shown, rows, look)
    bar = ttk.Frame(list_.frame)
    bar.pack(side="bottom", fill="x")
    ttk.Button(bar, text="全选", command=lambda: mark_all(able.intersection(list_.codes()))).pack(side="left")
    count = ttk.Label(bar, style="Faint.TLabel")
    count.pack(side="left", padx=px(shown, 10))
    ttk.Button(bar, text="取消", command=shown.destroy).pack(side="right")
    accept = ttk.Button(bar, text="确定", command=done, default="active")
    accept.pack(side="right", padx=px(shown, 8))
    list_.build()
    list_.tree.bind("<space>", lambda event: mark({list_.current()}))
    list_.tree.bind("<ButtonRelease-1>", lambda event: mark({list_.tree.identify_row(event.y)}))
    shown.bind("<Return>", lambda event: done())
    mark(able if len(able) == 1 else set())
    show(shown, list_.first)
    root().wait_window(shown)
    return answer


def picked(title: str, options: Sequence[tuple[str, str]]) -> str:
    """The code of the row picked; see `addin.dialogs.ask_choice`."""
    answer: list[str] = []

    def done() -> None:
        if list_.current():
            answer.append(list_.current())
            shown.destroy()

    shown = window(title, lambda: shown.destroy())
    list_ = _List(shown, [(code, label, True, "") for code, label in options], lambda code: "")
    bar = ttk.Frame(list_.frame)
    bar.pack(side="bottom", fill="x")
    ttk.Button(bar, text="取消", command=shown.destroy).pack(side="right")
    ttk.Button(bar, text="确定", command=done, default="active").pack(side="right", padx=px(shown, 8))
    list_.build()
    list_.tree.bind("<Double-Button-1>", lambda event: done())
    shown.bind("<Return>", lambda event: done())
    show(shown, list_.first)
    root().wait_window(shown)
    return answer[0] if answer else ""


class _List:
    """Rows with a label and a reason, a search field above when they are many, the whole reason below."""

    def __init__(
        self, shown: Toplevel, rows: Sequence[tuple[str, str, bool, str]], look: Callable[[str], PhotoImage | str],
    ) -> None:
        self._rows, self._look = rows, look
        self.frame = ttk.Frame(shown, padding=px(shown, 14))
        self.frame.pack(fill="both", expand=True)
        self.tree = ttk.Treeview(self.frame, selectmode="browse", height=min(max(len(rows), 4), _ROWS))
        self.first: ttk.Entry | ttk.Treeview = self.tree

    def build(self) -> None:
        """Lay out the list; whatever belongs below it was packed before."""
        gap = px(self.frame, 10)
        reasons = any(why for *_, why in self._rows)
        if reasons:
            self._note = ttk.Label(self.frame, style="Faint.TLabel", wraplength=px(self.frame, _LABEL + _WHY))
            self._note.pack(side="bottom", fill="x", pady=(gap // 2, gap))
            self.tree.bind("<<TreeviewSelect>>", lambda event: self._explain())
        else:
            ttk.Frame(self.frame, height=gap).pack(side="bottom")
        if len(self._rows) > _ROWS:
            self._search(gap)
            roll = ttk.Scrollbar(self.frame, command=self.tree.yview)
            self.tree.configure(yscrollcommand=roll.set)
            roll.pack(side="right", fill="y")
        letter = font.nametofont("TkDefaultFont", self.frame)
        most = max((letter.measure(label) for _, label, *_ in self._rows), default=0) + px(self.frame, 64)
        self.tree.configure(show="tree", columns=("why",) if reasons else ())
        self.tree.column("#0", width=min(max(most, px(self.frame, 240)), px(self.frame, _LABEL)))
        if reasons:
            most = max(letter.measure(why) for *_, why in self._rows) + px(self.frame, 16)
            self.tree.column("why", width=min(most, px(self.frame, _WHY)))
        self.tree.tag_configure("barred", foreground=FAINT)
        self.tree.pack(side="left", fill="both", expand=True)
        self._fill("")

    def codes(self) -> Sequence[str]:
        """The codes of the rows shown."""
        return self.tree.get_children()

    def current(self) -> str:
        """The code of the row the keys are on; empty when no row is shown."""
        return self.tree.focus()

    def _search(self, gap: int) -> None:
        sought = StringVar(self.frame)
        row = ttk.Frame(self.frame)
        row.pack(side="top", fill="x", pady=(0, gap))
        ttk.Label(row, text="查找").pack(side="left", padx=(0, gap))
        self.first = ttk.Entry(row, textvariable=sought)
        self.first.pack(side="left", fill="x", expand=True)
        self.first.bind("<Down>", lambda event: self.tree.focus_set())
        sought.trace_add("write", lambda *_: self._fill(sought.get()))

    def _fill(self, sought: str) -> None:
        """Show the rows whose code or label holds every word sought."""
        self.tree.delete(*self.codes())
        for code, label, enabled, why in self._rows:
            if all(word in f"{code} {label}".casefold() for word in sought.casefold().split()):
                self.tree.insert(
                    "", "end", code, text=f" {label}", image=self._look(code), values=(why,),
                    tags=() if enabled else ("barred",),
                )
        shown = self.codes()
        if shown:
            able = (code for code, _, enabled, _ in self._rows if enabled and code in shown)
            first = next(able, shown[0])
            self.tree.focus(first)
            self.tree.selection_set(first)

    def _explain(self) -> None:
        why = next((why for code, *_, why in self._rows if code == self.current()), "")
        self._note.configure(text=why)


@dataclass(frozen=True, slots=True)
class _Boxes:
    """Tick boxes as pictures: fonts draw theirs too small."""

    empty: PhotoImage
    full: PhotoImage
    barred: PhotoImage


def _boxes(shown: Toplevel) -> _Boxes:
    side = px(shown, 16)
    return _Boxes(
        _box(shown, side, FAINT, lambda x, y: PAPER), _box(shown, side, ACCENT, lambda x, y: _tick(x / side, y / side)),
        _box(shown, side, LINE, lambda x, y: BACK),
    )


def _box(shown: Toplevel, side: int, edge: str, inside: Callable[[int, int], str]) -> PhotoImage:
    made = PhotoImage(master=shown, width=side, height=side)
    ends = (0, side - 1)
    made.put([[edge if x in ends or y in ends else inside(x, y) for x in range(side)] for y in range(side)])
    return made


def _tick(x: float, y: float) -> str:
    """The colour of a point of a ticked box: a short stroke down and a long one up, white on the accent."""
    down, up = abs(y - x - 0.27), abs(y + x - 1.17)
    stroke = (down < _STROKE and x < 0.45 and x > 0.2) or (up < _STROKE and x >= 0.42 and x < 0.8)
    return PAPER if stroke else ACCENT
