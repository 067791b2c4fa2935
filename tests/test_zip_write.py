"""A member's rows are deflated so that two versions of it share what did not change."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros.hosts.zip_write import Packed

#: What a deflater leaves where it begins anew.
MARK = b"\x00\x00\xff\xff"


def sheet(numbers: list[int], first: str = "") -> bytes:
    rows = (f'<row r="{number}"><c r="A{number}"><v>{number * 7919 % 1009}{first * (number == numbers[0])}</v></c></row>' for number in numbers)
    return "".join(rows).encode()


def stored(parts: list[bytes]) -> bytes:
    packed = Packed(parts)
    packed.data.seek(0)
    data = packed.data.read()
    packed.close()
    assert zlib.decompress(data, -15) == b"".join(parts)
    return data


@pytest.mark.parametrize(("numbers", "anchors"), [
    (list(range(2, 1_502)), 3),  # 500, 1000, 1500
    (list(range(500, 999)), 1),
    ([2, 499, 501, 999], 0),
    ([1, 500, 1_000_000], 2),  # far apart: every multiple of 500 between them is missing
    ([], 0),
], ids=["dense", "from an anchor", "none", "far apart", "no rows"])
def test_the_deflater_begins_anew_before_every_five_hundredth_row(numbers: list[int], anchors: int) -> None:
    assert stored([b"<sheetData>", sheet(numbers), b"</sheetData>"]).count(MARK) == anchors


def test_a_longer_cell_leaves_the_bytes_behind_the_next_anchor_as_they_were() -> None:
    old, new = (stored([sheet(list(range(1, 1_200)), first)]) for first in ("", "12345"))
    assert old != new
    assert old.split(MARK, 1)[1] == new.split(MARK, 1)[1]


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=12), st.integers(1, 400))
@settings(max_examples=40, deadline=None)
def test_how_the_rows_are_handed_over_does_not_show(steps: list[int], size: int) -> None:
    numbers = [sum(steps[: at + 1]) for at in range(len(steps))]
    whole = [sheet([number]) for number in numbers]
    grouped = [b"".join(whole[at : at + size]) for at in range(0, len(whole), size)]
    assert stored(grouped) == stored([b"".join(whole)])
