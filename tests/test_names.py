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


@pytest.mark.parametrize(("text", "stem"), [
    ("甲" * 50, "甲" * 50),  # 150 bytes, the most
    ("甲" * 49 + "abc", "甲" * 49 + "abc"),
    ("甲\u2028乙", "甲 乙"), ("甲\u2029乙", "甲 乙"), ("甲\x85乙", "甲 乙"), ("甲\x00乙", "甲 乙"),
    ("甲\ufffe乙", "甲乙"), ("甲\uffff乙", "甲乙"), ("甲\U0001fffe乙", "甲乙"), ("甲\ufffd乙", "甲\ufffd乙"), ("甲\u00ad乙", "甲乙"), ("甲\udc00乙", "甲乙"),
    ("com¹", "_com¹"), ("LPT²", "_LPT²"), ("conin$", "_conin$"), ("CONOUT$.txt", "_CONOUT$.txt"), ("clock$", "_clock$"), ("com10", "com10"), ("com", "com"),
    ("-", "_"), ("--x", "_-x"), ("a-b", "a-b"), ("~$甲", "_~$甲"), ("~甲", "~甲"), (" .甲. .", "甲"), ("con .甲", "_con .甲"), (".X甲X.", "X甲X"), ("e\u0301", "\u00e9"),
])
def test_what_a_name_comes_to_at_the_edges(text: str, stem: str) -> None:
    assert safe_name(text) == stem


def test_one_byte_too_many_is_cut_to_the_most_and_marked() -> None:
    stem = safe_name("甲" * 50 + "a")
    assert stem[:47] == "甲" * 47 and stem[47] == "~"  # 150 - 9 = 141 bytes are 47 signs of three
    assert len(stem.encode()) == 150
    assert stem == safe_name("甲" * 50 + "a") != safe_name("甲" * 50 + "b")


def test_a_name_with_nothing_left_is_marked_by_what_it_was() -> None:
    first, second = safe_name("..."), safe_name("\u200b")
    assert first.startswith("未命名~") and len(first) == len("未命名~") + 8
    assert first != second


def test_a_name_given_out_is_taken_for_every_case_of_its_letters() -> None:
    taken = {"甲a.docx"}
    assert unique_name("甲A", ".docx", taken) == "甲A-2.docx"
    assert taken == {"甲a.docx", "甲a-2.docx"}
    assert unique_name("甲A", ".pdf", taken) == "甲A.pdf"
    assert [unique_name("straße", ".x", taken), unique_name("STRASSE", ".x", taken)] == ["straße.x", "STRASSE-2.x"]


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
