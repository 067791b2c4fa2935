"""One office for all tests of this folder: LibreOffice without a screen, with a profile of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import xlwings as xw

from addin.libreoffice import engine
from macros.hosts import Refused


def office_or_skip() -> None:
    """Go on when LibreOffice and its bridge are here; their absence fails in continuous integration, skips elsewhere."""
    try:
        engine.load_uno()
    except Refused as refused:
        if os.environ.get("CI") == "true":
            pytest.fail(str(refused))
        pytest.skip(str(refused))


@pytest.fixture(scope="session")
def calc() -> Iterator[xw.App]:
    """A running LibreOffice as an xlwings app. Tests close the workbooks they open."""
    office_or_skip()
    app = engine.start()
    yield app
    app.quit()
