"""The changes that are made to programs, and that a change made in place is the one that runs."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from benchmarks.proofs.mutating import mutants
from benchmarks.proofs.swapping import swap
from tests.test_proofs import proof

SOURCE = '''"""A module."""
from functools import lru_cache
from typing import Literal
Word = Literal["one", "two"]
LIMIT: int = 3
@lru_cache(maxsize=7)
def judged(day: int, word: str = "one") -> bool:
    """Judge."""
    if day < LIMIT and not word:
        raise ValueError("too early")
    for one in (1, 2):
        if one in (day,):
            break
    return day - 1 >= LIMIT
class Shelf:
    size = 2
    @property
    def room(self) -> int:
        return self.size * 2
'''


def test_every_operator_number_and_text_that_runs_is_changed_once() -> None:
    changes = [(one.line, one.what.split(" in `")[0]) for one in mutants(SOURCE)]
    assert changes == [
        (5, "plus one"), (7, "another text"), (9, "Lt → LtE"), (9, "and ↔ or"), (9, "without Not"), (11, "plus one"), (11, "plus one"),
        (12, "In → NotIn"), (13, "break ↔ continue"), (14, "return None"), (14, "GtE → Gt"), (14, "Sub → Add"), (14, "plus one"),
        (16, "plus one"), (19, "return None"), (19, "Mult → Add"), (19, "plus one"),
    ]


def test_every_change_makes_another_program() -> None:
    plain = ast.dump(ast.parse(SOURCE))
    dumps = [ast.dump(one.tree) for one in mutants(SOURCE)]
    assert plain not in dumps
    assert len(set(dumps)) == len(dumps)


def test_a_change_in_place_reaches_who_took_the_function_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "swapped_example.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import swapped_example  # type: ignore[import-not-found]

    judged, shelf = swapped_example.judged, swapped_example.Shelf()
    assert (judged(4), judged(5), shelf.room) == (True, True, 4)
    swap(swapped_example, ast.parse(SOURCE.replace(">=", ">").replace("* 2", "* 3")))
    assert (judged(4), judged(5), shelf.room) == (False, True, 6)
    swap(swapped_example, ast.parse(SOURCE.replace("= 3", "= 9").replace("size = 2", "size = 5")))
    assert (judged(5), judged(10), shelf.room) == (False, True, 10)
    del sys.modules["swapped_example"]


def test_changed_names_of_files_are_noticed() -> None:
    found = proof("mutants", "--quick")
    assert (found["mutants"], found["killed"], found["survived"]) == (3, 3, 0), found
