"""Makes the pictures of docs/pictures from the program at work, so that none goes stale: ``python -m tests.office.pictures [NAME…]``.

The demonstration is run once; papers and workbooks are printed by LibreOffice, the map is opened in Chromium, and the
buttons are pressed on a screen of the tests' own. Without names all pictures are made.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from PIL import Image, ImageChops

from generator.pdf import convert
from macros.commands import command
from tests.city import NOWS

HOME = Path(__file__).parents[2] / "docs" / "pictures"
#: Word papers: where the demonstration leaves them, and the picture's width in pixels.
PAPERS = {
    "form-3.4": ("单据/3.4 */*DD2026080006*.docx", 703),
    "form-3.7": ("单据/3.7 */*YS-2026-0001*.docx", 703),
    "form-3.9": ("账单/2026-10/3.9 */*电信*铁塔类*.docx", 994),
    "form-3.12": ("单据/3.12 */*QR2024000323*.docx", 703),
    "agreement": ("单据/单项服务协议/*QR2021000036*.docx", 703),
    "approval": ("单据/立项批复/*XM2026-0006*.docx", 703),
    "statement": ("账单/2026-10/3.11 */*电信*.docx", 703),
    "service-report": ("报告/服务报告/*HY202611001*.docx", 703),
    "kpi": ("报告/客户经理考核表/*客户经理A*.docx", 703),
}
#: The board's picture: its width, its height, and how many of the rows that are late come before today's.
BOARD = (1674, 490, 11)
#: The morning page's width; the map's window.
MORNING, MAP = 1142, (1200, 760)
#: The province's picture: its size, the sheets on its left with their height, their width, and the paper's.
PROVINCE, SHEETS, LEFT, RIGHT = (1504, 846), (("排名", 200), ("趋势", 550)), 900, 580
#: Cities in it.
CITIES = range(1, 13)
#: Colours of a picture: papers and sheets have few, and those of thin lines count too.
COLOURS = 256
#: Seconds a program may take for one picture.
PATIENCE = 180.0


def paper(name: str, demo: Path, scratch: Path) -> Image.Image:
    """The first page of a paper."""
    pattern, wide = PAPERS[name]
    file = sorted(demo.glob(pattern))[0]
    made, findings = convert([file], scratch)
    assert file in made, [said.message for said in findings]
    return drawn(made[file], wide)


def drawn(pdf: Path, wide: int, number: int = 1) -> Image.Image:
    """A page of a PDF file as a picture so many pixels wide."""
    size = ("-scale-to-x", str(wide), "-scale-to-y", "-1", "-f", str(number), "-l", str(number))
    stem = pdf.with_name("page")
    subprocess.run(["pdftoppm", "-png", "-singlefile", *size, pdf, stem], check=True, timeout=PATIENCE)
    return Image.open(stem.with_suffix(".png")).convert("RGB")


def printed(book: Path, scratch: Path) -> Path:
    """A workbook as LibreOffice prints it."""
    profile = f"-env:UserInstallation={(scratch / 'profile').as_uri()}"
    words: list[str | Path] = ["soffice", profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", scratch, book]
    subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE)
    return scratch / f"{book.stem}.pdf"


def dashboard(demo: Path, scratch: Path) -> Image.Image:
    """The morning page as it is printed."""
    return drawn(printed(demo / "报告" / "工作台.xlsx", scratch), MORNING)


def board(demo: Path, scratch: Path) -> Image.Image:
    """The rows of 待办 about today, as with a filter on the due moments."""
    wide, high, before = BOARD
    book = openpyxl.load_workbook(demo / "台账" / "待办.xlsx")
    for name in book.sheetnames:
        if name != "待办":
            del book[name]
    sheet = book["待办"]
    if sheet.oddHeader:
        sheet.oddHeader.center.text = ""
    states = [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)]
    first = states.index("今日") + 2 - before
    for row in range(2, first):
        sheet.row_dimensions[row].hidden = True
    copy = scratch / "board.xlsx"
    book.save(copy)
    page = trimmed(drawn(printed(copy, scratch), wide * 2))
    return page.resize((wide, page.height * wide // page.width), Image.Resampling.LANCZOS).crop((0, 0, wide, high))


def trimmed(page: Image.Image) -> Image.Image:
    """A page without its white margins."""
    return page.crop(ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox())


def map_page(demo: Path, scratch: Path) -> Image.Image:
    """The proposal on its map, as a browser shows it."""
    (page,) = (demo / "需求整合").glob("*.html")
    browser = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    shot = scratch / "map.png"
    subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=8000",
            f"--window-size={MAP[0]},{MAP[1]}", f"--screenshot={shot}", f"--user-data-dir={scratch / 'browser'}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=PATIENCE,
    )
    return Image.open(shot).convert("RGB")


def rollup(_demo: Path, scratch: Path) -> Image.Image:
    """A province's cities beside each other, the trend, and its paper; the cities are those of the benchmark."""
    from benchmarks.rollup_cities import NOW, blank, make

    cities, out = scratch / "各市", scratch / "全省"
    cities.mkdir()
    make(blank(scratch / "样板"), cities, CITIES)
    command("rollup")([cities], out, now=NOW.isoformat(), workers=1)
    picture, top = Image.new("RGB", PROVINCE, "white"), 8
    book = printed(out / "全省汇总.xlsx", scratch)
    pages = subprocess.run(["pdftotext", "-layout", book, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    for sheet, high in SHEETS:
        number = next(number for number, text in enumerate(pages, 1) if f"《全省汇总》{sheet}" in text)
        page = trimmed(drawn(book, 2 * LEFT, number))
        page = page.resize((LEFT, page.height * LEFT // page.width), Image.Resampling.LANCZOS)
        picture.paste(page.crop((0, 0, LEFT, min(high, page.height))), (8, top))
        top += high + 20
    (letter,) = out.rglob("*.docx")
    made, findings = convert([letter], scratch)
    assert letter in made, [said.message for said in findings]
    picture.paste(drawn(made[letter], RIGHT), (PROVINCE[0] - RIGHT, 0))
    return picture


BOOKS: dict[str, Callable[[Path, Path], Image.Image]] = {"dashboard": dashboard, "board": board, "map": map_page, "rollup": rollup}
#: Pictures of the screen; `tests.office.screenshots` takes them.
SCREENS = ("ribbon", "click", "job")
#: Every picture there is.
NAMES = (*PAPERS, *BOOKS, *SCREENS)


def keep(name: str, picture: Image.Image) -> None:
    """Write a picture with few colours and as small as it goes."""
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, 3, dither=Image.Dither.NONE).save(HOME / f"{name}.png", optimize=True)
    print(f"{name}.png {picture.width}×{picture.height}")


def main(names: list[str], demo: Path | None = None) -> None:
    """Make these pictures, from a demonstration that is there or else a new one."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        if demo is None:
            demo = home / "演示"
            command("demo")(demo)
        for name in names:
            if name in PAPERS or name in BOOKS:
                work = home / name
                work.mkdir()
                keep(name, paper(name, demo, work) if name in PAPERS else BOOKS[name](demo, work))
        screens = [name for name in names if name in SCREENS]
        if screens:
            from tests.office.screenshots import taken

            for name, shot in taken(demo / "台账", home, NOWS[0], screens):
                keep(name, Image.open(shot).convert("RGB"))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("names", nargs="*", metavar="NAME", help="、".join(NAMES))
    asked.add_argument("--demo", type=Path, metavar="DIR", help="a demonstration that is there")
    chosen = asked.parse_args()
    unknown = [name for name in chosen.names if name not in NAMES]
    if unknown:
        asked.error(f"no such picture: {' '.join(unknown)}")
    main(chosen.names or list(NAMES), chosen.demo)
