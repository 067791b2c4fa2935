"""Compares a package with its list of hashes; 安装.cmd runs it with the package's own Python before it copies."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

SUMS = "SHA256SUMS.txt"


def differing(home: Path) -> list[str]:
    """The files of the list that are missing or are not what they were when the package was made."""
    lines = (home / SUMS).read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return [name for name, digest in listed.items() if _digest(home / name) != digest]


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def main(words: list[str]) -> int:
    """Say which files differ; 0 when none does, 1 when some do, 2 when there is no list."""
    try:
        found = differing(Path(words[0]))
    except OSError:
        print(f"没有 {SUMS}，请重新解压安装包。")
        return 2
    for name in found:
        print(f"文件缺失或已被改动：{name}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
