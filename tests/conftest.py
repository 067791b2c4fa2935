"""Settings for all tests: property tests stay short and reproducible, templates of tests are not kept with the program."""

from __future__ import annotations

import pytest
from hypothesis import settings

from generator import stored

settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("quick")

#: Register folders made once for all command tests.
pytest_plugins = ["tests.city"]


@pytest.fixture(scope="session", autouse=True)
def own_shelf_of_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep compiled templates apart: those of tests would push the delivered ones out."""
    stored.HOME = tmp_path_factory.mktemp("compiled")
