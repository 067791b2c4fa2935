"""The map page: all that it shows stands in it, nothing is fetched, and a real browser draws and filters it."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from macros.consolidation.decided import Decided
from macros.consolidation.demands import Demand
from macros.consolidation.page import page
from macros.consolidation.proposal import Proposal, propose
from macros.sites.towers import Towers
from macros.sites.words import limits, words

TODAY = dt.date(2026, 11, 21)
BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")
needs_browser = pytest.mark.skipif(not BROWSER and os.environ.get("CI") != "true", reason="no Chromium here")
TRAP = "东山</script><script>alert(1)</script>"


def drawn(sites: int, name: str = "东山") -> str:
    """A page of three demands, two of which share, among ``sites`` towers on a square grid of 0.005°."""
    known = [
        Demand("XQ-1", "移动", 111.0, 31.0, 200.0), Demand("XQ-2", "联通", 111.0005, 31.0, 200.0),
        Demand("XQ-3", "电信", 111.5, 31.5, None),
    ]
    wide = 200
    numbers = np.arange(sites, dtype=np.float64)
    there = Towers(
        [f"{number:018}" for number in range(sites)], [name] * sites, 111.002 + (numbers % wide) * 0.005, 31.002 + (numbers // wide) * 0.005,
        [frozenset({"移动", "联通", "电信"})] * sites,
    )
    everyone = {0, 1, 2}
    proposal = propose(known, there, Decided(may_take=everyone, may_join=set(everyone)), limits(TODAY))
    return page(proposal, rows(proposal), "澜江", TODAY)


def rows(proposal: Proposal) -> dict[str, dict[str, Any]]:
    return {
        each.key: {"site_name": "站点", "site_code": None, "county": "澜北区", "basis": "计算", "reason": f"{each.key}的理由"}
        for each in proposal.demands
    }


def data(text: str) -> Any:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_holds_every_site_and_demand() -> None:
    held = data(drawn(50))
    assert len(held["sites"]["c"]) == 50 and held["left"] == 0
    assert [(each["k"], each["l"], each["w"], each["why"]) for each in held["demands"]] == [
        ("XQ-1", "新建共享", ["XQ-2"], "XQ-1的理由"), ("XQ-2", "新建共享", ["XQ-1"], "XQ-2的理由"), ("XQ-3", "新建独享", [], "XQ-3的理由"),
    ]


def test_the_page_fetches_nothing() -> None:
    text = drawn(5)
    assert re.findall(r"https?:|//[a-z]|src=|href=|import |fetch\(|XMLHttp", text) == []
    assert "default-src 'none'" in text


def test_a_name_cannot_end_the_script() -> None:
    text = drawn(1, TRAP)
    assert TRAP not in text
    assert data(text)["sites"]["n"] == [TRAP]


def test_of_very_many_sites_those_nearest_to_demands_are_drawn() -> None:
    most = words()["map"]["sites"]
    held = data(drawn(most + 1000))
    assert 0 < len(held["sites"]["c"]) <= most
    assert held["left"] == most + 1000 - len(held["sites"]["c"])


def opened(page_: str, home: Path, asked: str = "") -> str:
    """What a browser makes of the page, opened from disk with no name that could be looked up."""
    path = home / "地图.html"
    path.write_text(page_, encoding="utf-8")
    return subprocess.run(
        [
            BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home / 'profile'}", "--window-size=1200,800",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=4000", "--dump-dom", path.as_uri() + asked,
        ], capture_output=True, text=True, timeout=120, check=True,
    ).stdout


def said(dom: str, name: str) -> str:
    found = re.search(rf'<html[^>]* data-{name}="([^"]*)"', dom)
    assert found, dom[:400]
    return found[1]


@needs_browser
def test_a_browser_draws_twenty_thousand_sites_smoothly(tmp_path: Path) -> None:
    dom = opened(drawn(20000), tmp_path)
    assert (said(dom, "drawn"), said(dom, "demands")) == ("yes", "3")
    assert int(said(dom, "sites")) > 5000
    assert float(said(dom, "draw-ms")) < 100  # of one picture, without a graphics card, on a busy machine


@needs_browser
@pytest.mark.parametrize(("off", "demands"), [("移动", "2"), ("新建共享", "1"), ("移动,新建独享", "1"), ("新建共享,新建独享", "0")])
def test_operators_and_labels_can_be_left_out(off: str, demands: str, tmp_path: Path) -> None:
    dom = opened(drawn(10), tmp_path, "#off=" + ",".join(map(quote, off.split(","))))
    assert said(dom, "demands") == demands


@needs_browser
def test_a_demand_is_found_and_its_reason_told(tmp_path: Path) -> None:
    assert "XQ-2的理由" in opened(drawn(10), tmp_path, "#find=XQ-2")
