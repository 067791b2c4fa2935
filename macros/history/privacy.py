"""Keeps what tells of a person out of the trail: such a value is told by a mark, the same for the same value.

Who reads the trail sees that a telephone number changed, and whether it is that of another row, not the number.
The mark is keyed with a secret that stays beside the register, so it cannot be found by trying all numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from macros.headings import match
from macros.history.settings import place, settings
from macros.hosts import reason, refuse
from macros.hosts.saving import replace_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from macros.forms import Form

_MARK, _SECRET = 8, 32


@dataclass(frozen=True, slots=True)
class Mask:
    """Masks values of one register."""

    secret: bytes

    def mark(self, text: str) -> str:
        """What stands for a value; empty for an empty one."""
        if not text:
            return ""
        found = hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_MARK]
        return str(settings()["mask"]["shown"]).format(mark=found)

    def value(self, form: Form | None, heading: str, text: str) -> str:
        """A value as the trail may show it; long texts are cut."""
        if is_personal(form, heading):
            return self.mark(text)
        shown = _patterns().sub(lambda found: self.mark(found[0]), text)
        most = settings()["trail"]["text"]
        return shown if len(shown) <= most else shown[:most] + "…"

    def key(self, form: Form | None, key: str) -> str:
        """A row's key as the trail may show it."""
        if form is None or ("/" not in key and len(form.key) > 1):
            return self.value(form, "", key)
        parts = key.split("/") if len(form.key) > 1 else [key]
        titles = [form.column(name).heading for name in form.key]
        if len(parts) != len(titles):
            return self.value(form, "", key)
        return "/".join(self.value(form, title, part) for title, part in zip(titles, parts, strict=True))


def load(folder: Path) -> Mask:
    """The register's mask; its secret is made when there is none.

    Raises:
        Refused: the secret cannot be written, or is there and cannot be read just now (HIS027).
    """
    file = place(folder, "secret")
    with suppress(FileNotFoundError, ValueError):
        try:
            secret = bytes.fromhex(file.read_bytes().decode("ascii"))
        except FileNotFoundError:
            raise
        except OSError as error:
            raise refuse("HIS027", value=file.name, reason=reason(error)) from error
        if len(secret) == _SECRET:
            return Mask(secret)
    secret = os.urandom(_SECRET)
    replace_bytes(file, secret.hex().encode())
    return Mask(secret)


@cache
def is_personal(form: Form | None, heading: str) -> bool:
    """Whether values under a heading tell of a person: by the form, or by the words of a user's own heading."""
    mask = settings()["mask"]
    if form is not None and heading:
        found = next((i for i, number in enumerate(match(form, (heading,)).columns) if number), None)
        if found is not None:
            return form.columns[found].personal or form.columns[found].type in mask["types"]
    return any(word in heading for word in mask["headings"])


@cache
def _patterns() -> re.Pattern[str]:
    return re.compile("|".join(settings()["mask"]["patterns"]))
