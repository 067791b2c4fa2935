"""Settings for all tests: property tests stay short and reproducible."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
settings.load_profile("quick")

#: Register folders made once for all command tests.
pytest_plugins = ["tests.city"]
