"""Takes the ribbon away before 卸载.cmd deletes the program; what is still in use keeps the program where it is."""

from __future__ import annotations

import shutil

from addin.install.command import uninstall
from addin.package.placing import NEW, OLD, brief, sentences, started
from addin.places import home
from macros.commands import DONE, FOUND


def main(words: list[str]) -> int:
    """Without a word take the ribbon away, with ``busy`` say that files are in use; 1 when the program must stay."""
    said = sentences()
    if words == ["busy"]:
        print(said["kept"])
        return FOUND
    answer = uninstall()
    print(brief(answer.text))
    if answer.data["left"]:
        print(f"\n{said['kept']}")
        return FOUND
    for left in (NEW, OLD):  # of an update that was interrupted
        shutil.rmtree(home() / left, ignore_errors=True)
    print(f"\n{said['going']}")
    return DONE


if __name__ == "__main__":
    started(main)
