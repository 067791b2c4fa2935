"""Takes the ribbon away before 卸载.cmd deletes the program; what is still in use keeps the program where it is."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress

from addin.install.command import uninstall
from addin.package.placing import NEW, OLD, brief
from addin.places import home
from macros.commands import DONE, FOUND

_KEPT = "还有程序开着塔务台的文件，没有卸载。请关闭 Excel、WPS、LibreOffice 和塔务台的窗口，再双击一次“卸载.cmd”。"
_GOING = "功能区已移除，正在删除程序文件…… 台账、已出的单据和您的设置都保留。"


def main(words: list[str]) -> int:
    """Without a word take the ribbon away, with ``busy`` say that files are in use; 1 when the program must stay."""
    if words == ["busy"]:
        print(_KEPT)
        return FOUND
    answer = uninstall()
    print(brief(answer.text))
    if answer.data["left"]:
        print(f"\n{_KEPT}")
        return FOUND
    for left in (NEW, OLD):  # of an update that was interrupted
        shutil.rmtree(home() / left, ignore_errors=True)
    print(f"\n{_GOING}")
    return DONE


if __name__ == "__main__":
    with suppress(AttributeError):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
