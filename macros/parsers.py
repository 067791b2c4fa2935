"""argparse in Chinese: help with examples, what is wrong with a call, and only the command asked for."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from pathlib import Path
from typing import Any

from macros.calls import WrongCall
from macros.data import toml

#: Examples of each command, as `--help` shows them.
_EXAMPLES = Path(__file__).parent / "rules" / "examples.toml"
#: argparse speaks English; these are the phrases its messages are made of.
_WORDS = (
    ("the following arguments are required: ", "缺少"),
    ("expected one argument", "后面应有一个值"),
    ("expected at least one argument", "后面至少应有一个值"),
    ("invalid int value: ", "不是整数："),
    ("ignored explicit argument ", "后面不跟值："),
    ("not allowed with argument ", "不可同时用 "),
    ("argument ", ""),
)
#: argparse's words for a word that is not in its list, and the list.
_CHOICE = re.compile(r"invalid choice: '(.*)' \(choose from (.*)\)")
#: As many words of a list as can be read at a glance.
_FEW = 8


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help that begins with 用法."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Says in Chinese what is wrong with the words of a call; exit status 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "add_help": False, "allow_abbrev": False, "formatter_class": _Help})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_help(self) -> str:
        """The help, with the command's examples, which nothing else reads."""
        examples = toml(_EXAMPLES).get(self.prog.partition(" ")[2], [])
        calls = [f"  {self.prog} {words}".rstrip() for words in examples]
        self.epilog = "\n".join(["例：", *calls]) if calls else None
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse's, but each command refuses what it does not know itself, and so shows its own usage."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"不认识 {' '.join(left)}")
        return found, left

    def error(self, message: str) -> Any:
        """Say on standard error what is wrong and how the call is written, and end with status 2.

        Raises:
            WrongCall: always.
        """
        message = _CHOICE.sub(_no_such_word, message)
        for english, chinese in _WORDS:
            message = message.replace(english, chinese)
        usage = self.format_usage().strip()
        print(f"命令写法不对：{message}\n{usage}", file=sys.stderr)
        raise WrongCall(message, " ".join(usage.split()).removeprefix("用法："))


def _no_such_word(found: re.Match[str]) -> str:
    """Which words of a list may have been meant: those alike, else all of a short list."""
    words = [word.strip("'") for word in found[2].split(", ")]
    meant = difflib.get_close_matches(found[1], words) or (words if len(words) <= _FEW else [])
    return f"没有“{found[1]}”，" + (f"可用：{'、'.join(meant)}" if meant else "全部可用的词见 --help")


class _Unasked:
    """Options that nobody asks for are not made: all of them take longer than reading a call."""

    def _nothing(self, *_: object, **__: object) -> _Unasked:
        return self

    add_argument = add_subparsers = add_parser = set_defaults = _nothing


class Asked:
    """The commands of a parser, of which only the one asked for is made; all where none is named."""

    def __init__(self, commands: Any, asked: str) -> None:
        self._commands, self._asked = commands, asked

    def add_parser(self, name: str, **words: str) -> Any:
        """The command's own parser, or something that takes its options and forgets them."""
        return self._commands.add_parser(name, **words) if self._asked in ("", name) else _Unasked()
