"""A click loads xlwings without pandas and leaves pandas to whoever wants it."""

from __future__ import annotations

import subprocess
import sys

import pytest


def told(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout.strip()


@pytest.mark.parametrize("way", ["from addin.lean import load; load()", "from addin.agent.worker import warm; warm()"])
def test_xlwings_is_loaded_and_pandas_is_not(way: str) -> None:
    assert told(f"{way}; import sys; print('xlwings' in sys.modules, 'pandas' in sys.modules)") == "True False"


def test_pandas_can_be_loaded_afterwards() -> None:
    assert told("from addin.lean import load; load(); import pandas; print(pandas.Series([1, 2]).sum())") == "3"
