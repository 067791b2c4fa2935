"""How our small windows look: one hidden root, fonts that show Chinese, sharp on dense screens, before the user."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from macros.hosts import refuse

if TYPE_CHECKING:
    import tkinter as tk
    from collections.abc import Callable

#: Fonts that show Chinese, the system's own first.
_FAMILIES = (
    "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
    "Noto Sans SC",
)
_POINTS, _TITLE_POINTS = 10, 12
BACK, PAPER, INK, FAINT, LINE = "#f4f5f7", "#ffffff", "#1f2328", "#8b929b", "#d0d4da"
ACCENT, CHOSEN = "#2468b0", "#dceafa"
_ICON = Path(__file__).parents[1] / "icons" / "board_32.png"
#: A screen so much wider than high is several monitors side by side.
_MONITORS = 2.4

_roots: list[tk.Tk] = []


def root() -> tk.Tk:
    """The one hidden root of the process, made when first asked for.

    Raises:
        Refused: tkinter is not installed (ADD405), or there is no screen (ADD406).
    """
    if _roots:
        return _roots[0]
    try:
        import tkinter as tk
    except ImportError as missing:
        raise refuse("ADD405") from missing
    _sharp()
    try:
        made = tk.Tk(className="TowerDesk")
    except tk.TclError as none:
        raise refuse("ADD406", value=str(none).splitlines()[0]) from none
    made.withdraw()
    with contextlib.suppress(tk.TclError):
        # The file windows that Tk draws itself, where the system has none of its own.
        made.tk.eval("::msgcat::mclocale zh_cn; ::msgcat::mcload [file join $::tk_library msgs]")
        made.tk.eval("catch {tk_getOpenFile -no}; set ::tk::dialog::file::showHiddenVar 0")
    _dress(made)
    _roots.append(made)
    return made


def _sharp() -> None:
    """Draw in real pixels on dense screens; without this Windows blows up a blurred picture."""
    if sys.platform == "win32":
        import ctypes

        with contextlib.suppress(AttributeError, OSError):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)


def _dress(window: tk.Tk) -> None:
    from tkinter import font, ttk

    known = set(font.families(window))
    family = next((name for name in _FAMILIES if name in known), "")
    for name in ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont"):
        named = font.nametofont(name, window)
        named.configure(size=_POINTS, weight="normal")
        if family:
            named.configure(family=family)
    title = font.nametofont("TkDefaultFont", window).copy()
    title.configure(size=_TITLE_POINTS, weight="bold")
    # The name outlives the object only while somebody holds it.
    window.title_font = title  # type: ignore[attr-defined]
    style = ttk.Style(window)
    if sys.platform not in ("win32", "darwin"):
        style.theme_use("clam")
        style.configure(".", background=BACK, foreground=INK, bordercolor=LINE, lightcolor=BACK, darkcolor=BACK)
        style.configure("TButton", background=PAPER, lightcolor=PAPER, darkcolor=PAPER, focuscolor=ACCENT)
        style.map("TButton", background=[("active", CHOSEN), ("disabled", BACK)], foreground=[("disabled", FAINT)])
        style.configure("TEntry", fieldbackground=PAPER, padding=px(window, 4))
        style.map("TEntry", bordercolor=[("focus", ACCENT)])
        style.configure(
            "Horizontal.TProgressbar", background=ACCENT, troughcolor="#e3e6ea", bordercolor=LINE, lightcolor=ACCENT,
            darkcolor=ACCENT, thickness=px(window, 14),
        )
        window.configure(background=BACK)
    style.configure("TButton", padding=(px(window, 12), px(window, 4)))
    style.configure("Title.TLabel", font=title)
    style.configure("Faint.TLabel", foreground=FAINT)
    height = font.nametofont("TkDefaultFont", window).metrics("linespace") + px(window, 9)
    style.configure("Treeview", rowheight=height, background=PAPER, fieldbackground=PAPER)
    style.map("Treeview", background=[("selected", CHOSEN)], foreground=[])


def px(widget: tk.Misc, size: float) -> int:
    """Pixels of a length that is ``size`` pixels on a screen of 96 to the inch."""
    return round(size * widget.winfo_fpixels("1i") / 96)


def window(title: str, close: Callable[[], None]) -> tk.Toplevel:
    """A new window that stays hidden until `show`; Esc and its own cross call ``close``."""
    import tkinter as tk

    made = tk.Toplevel(root())
    made.withdraw()
    made.title(title)
    made.configure(background=str(root().cget("background")))
    made.protocol("WM_DELETE_WINDOW", close)
    made.bind("<Escape>", lambda event: close())
    with contextlib.suppress(tk.TclError):
        made.iconphoto(False, tk.PhotoImage(master=made, file=str(_ICON)))
    return made


def show(window: tk.Toplevel, first: tk.Misc) -> None:
    """Put a finished window in the middle of the screen the pointer is on, above all others, ``first`` in focus."""
    window.update_idletasks()
    left, top, right, bottom = _screen(window)
    wide, high = window.winfo_reqwidth(), window.winfo_reqheight()
    x, y = (left + right - wide) // 2, top + max((bottom - top - high) * 2 // 5, 0)
    window.geometry(f"+{max(x, left)}+{y}")
    window.deiconify()
    window.attributes("-topmost", True)
    window.lift()
    window.wait_visibility()
    first.focus_force()


def _screen(window: tk.Toplevel) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the free area of the monitor the pointer is on, in pixels."""
    x, y = window.winfo_pointerxy()
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        class Monitor(ctypes.Structure):
            _fields_ = (
                ("size", wintypes.DWORD), ("whole", wintypes.RECT), ("free", wintypes.RECT), ("flags", wintypes.DWORD),
            )

        told = Monitor(ctypes.sizeof(Monitor))
        nearest = 2
        user32 = ctypes.windll.user32
        user32.MonitorFromPoint.restype = wintypes.HMONITOR
        if user32.GetMonitorInfoW(user32.MonitorFromPoint(wintypes.POINT(x, y), nearest), ctypes.byref(told)):
            return told.free.left, told.free.top, told.free.right, told.free.bottom
    wide, high = window.winfo_screenwidth(), window.winfo_screenheight()
    monitors = max(round(wide / high / 16 * 9), 1) if wide / high > _MONITORS else 1
    each = wide // monitors
    left = min(max(x, 0) // each, monitors - 1) * each
    return left, 0, left + each, high
