import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.names import STEM_BYTES, safe_name, unique_name

with (Path(__file__).parent / "answers" / "file_names.csv").open(encoding="utf-8-sig", newline="") as _file:
    NAMES = list(csv.DictReader(_file))

DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=60),
    st.text("./\\: -~$\u200b\ud800\n.甲conCOM1", max_size=20),
    st.sampled_from(sorted(DEVICES)).flatmap(lambda device: st.text(" .", max_size=3).map(lambda tail: device + tail)),
)


def unescape(text: str) -> str:
    r"""\n, \\ and \uXXXX as Python writes them; everything else as it stands."""
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")


@pytest.mark.parametrize("row", [pytest.param(row, id=row["given"] or "nothing") for row in NAMES])
def test_safe_name(row: dict[str, str]) -> None:
    assert safe_name(unescape(row["given"])) == row["stem"]


def test_long_name_is_cut_between_characters_and_marked() -> None:
    stem = safe_name("😀" * 200)
    # 150 bytes - 9 for the mark = 141, which holds 35 signs of four bytes.
    assert stem[:35] == "😀" * 35
    assert stem[35] == "~"
    assert len(stem) == 44


def test_long_names_that_differ_at_the_end_stay_apart() -> None:
    assert safe_name("甲" * 200 + "一") != safe_name("甲" * 200 + "二")


@pytest.mark.parametrize(("stems", "names"), [
    (["甲", "甲 ", "甲"], ["甲.docx", "甲-2.docx", "甲-3.docx"]),
    (["A公司", "a公司", "Ａ公司"], ["A公司.docx", "a公司-2.docx", "Ａ公司.docx"]),
    (["甲-2", "甲", "甲"], ["甲-2.docx", "甲.docx", "甲-3.docx"]),
    (["甲\u200b乙", "甲乙"], ["甲乙.docx", "甲乙-2.docx"]),
])
def test_unique_name(stems: list[str], names: list[str]) -> None:
    taken: set[str] = set()
    assert [unique_name(stem, ".docx", taken) for stem in stems] == names


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT)
def test_any_text_gives_a_legal_name_inside_the_folder(text: str) -> None:
    stem = safe_name(text)
    name = f"{stem}.docx"
    assert 0 < len(stem.encode()) <= STEM_BYTES
    assert not set(stem) & set('<>:"/\\|?*')
    assert min(map(ord, stem)) >= 32
    assert stem == stem.strip(" .")
    assert not stem.startswith(("-", "~$"))
    assert name.split(".")[0].rstrip().lower() not in DEVICES
    assert Path("folder", name).resolve().parent == Path("folder").resolve()
    assert safe_name(stem) == stem


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(ANY_TEXT, max_size=12))
def test_names_of_one_batch_never_collide(texts: list[str]) -> None:
    taken: set[str] = set()
    names = [unique_name(text, ".docx", taken) for text in texts]
    assert len({name.casefold() for name in names}) == len(texts)
