"""The store of a register: every version of its files that is kept, as recipes of shared pieces."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from macros.history import notes, packs
from macros.history.pieces import pieces
from macros.history.settings import is_kept, place, settings
from macros.hosts import Refused, reason, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from macros.history.packs import PackWriter, Slot

_NAME = hashlib.sha256().digest_size


class Version(NamedTuple):
    """One version of a file: bytes, SHA-256, and the name of the piece that lists its pieces."""

    size: int
    sha256: str
    recipe: str


def versions(raw: Mapping[str, Sequence[Any]]) -> dict[str, Version]:
    """Versions by file as they were written down.

    Raises:
        ValueError: a name is not one of a file that a register keeps: whoever wrote it means some other file.
    """
    for name in raw:
        if not is_kept(name):
            raise ValueError(name)
    return {name: version(told) for name, told in raw.items()}


def version(told: Sequence[Any]) -> Version:
    """A version as it was written down.

    Raises:
        ValueError: it is none.
    """
    size, sha256, recipe = told
    return Version(notes.count(size), notes.sha256(sha256), notes.sha256(recipe))


class Store:
    """The content kept of one register; the caller holds the register's lock while writing."""

    def __init__(self, folder: Path) -> None:
        self.folder = place(folder, "packs")
        self._slots: dict[str, Slot] | None = None

    @property
    def slots(self) -> dict[str, Slot]:
        """Every piece that is kept."""
        if self._slots is None:
            self._slots = {}
            for pack in packs.packs(self.folder):
                self._slots |= packs.directory(pack)
        return self._slots

    def put(self, contents: Iterable[tuple[str, bytes]]) -> dict[str, Version]:
        """Keep files by name; pieces that are kept already are not written again.

        Raises:
            OSError: the store cannot be written; it is as it was.
        """
        writer = packs.PackWriter(self.folder)
        found: dict[str, Version] = {}
        try:
            for name, data in contents:
                found[name] = self._put(writer, data)
            made = writer.close()
        except BaseException:
            writer.drop()
            raise
        if made:
            self.slots.update(packs.directory(made))
        return found

    def _put(self, writer: PackWriter, data: bytes) -> Version:
        zipped = data[:2] == b"PK"
        listed: list[str] = []
        view = memoryview(data)
        for start, stop in pieces(data):
            name = hashlib.sha256(view[start:stop]).hexdigest()
            listed.append(name)
            if name not in self.slots and name not in writer:
                writer.add(name, data[start:stop], deflate=not zipped or stop == len(data))
        recipe = bytes.fromhex("".join(listed))
        named = hashlib.sha256(recipe).hexdigest()
        if named not in self.slots and named not in writer:
            writer.add(named, recipe, deflate=False)
        return Version(len(data), hashlib.sha256(data).hexdigest(), named)

    def parts(self, version: Version) -> list[str]:
        """The names of the pieces that make a version.

        Raises:
            Refused: the store is damaged (HIS003).
        """
        (recipe,) = self._read([version.recipe])
        return [recipe[at : at + _NAME].hex() for at in range(0, len(recipe), _NAME)]

    def content(self, version: Version) -> bytes:
        """A version's bytes, checked.

        Raises:
            Refused: the store is damaged (HIS003).
        """
        data = b"".join(self._read(self.parts(version)))
        if len(data) != version.size or hashlib.sha256(data).hexdigest() != version.sha256:
            raise refuse("HIS003", value=version.sha256)
        return data

    def holds(self, version: Version) -> bool:
        """Whether every piece of a version is there; they are not read."""
        with suppress(Exception):
            return version.recipe in self.slots and all(name in self.slots for name in self.parts(version))
        return False

    def sound(self, version: Version) -> bool:
        """Whether a version can be had back whole; pieces of it that are damaged are forgotten, to be kept anew."""
        with suppress(Refused):
            self.content(version)
            return True
        with suppress(Refused):
            for name in (version.recipe, *self.parts(version)):
                if not self._whole(name):
                    self.slots.pop(name, None)
        if not self._whole(version.recipe):
            self.slots.pop(version.recipe, None)
        return False

    def _whole(self, name: str) -> bool:
        with suppress(OSError, ValueError, KeyError):
            next(packs.read([(name, self.slots[name])]))
            return True
        return False

    def _read(self, names: Iterable[str]) -> list[bytes]:
        try:
            return list(packs.read((name, self.slots[name]) for name in names))
        except (KeyError, ValueError) as error:
            raise refuse("HIS003", value=str(error).strip("'")) from error
        except OSError as error:
            raise refuse("HIS003", value=reason(error)) from error

    def bytes(self) -> int:
        """What the store takes on disk."""
        return sum(pack.stat().st_size for pack in packs.packs(self.folder))

    def damaged(self) -> list[str]:
        """The pieces that are not what their names say."""
        return [name for name in self.slots if not self._whole(name)]

    def crowded(self) -> bool:
        """Whether the content is spread over so many packs, or takes so much room, that it should be tidied."""
        files = packs.packs(self.folder)
        ring = settings()["ring"]
        return len(files) > int(ring["packs"]) or sum(pack.stat().st_size for pack in files) > int(ring["bytes"])

    def tidy(self, live: Iterable[Version]) -> None:
        """Let go of what no version in ``live`` needs: small packs, and packs that hold much else, become one.

        Raises:
            Refused: the store is damaged (HIS003); nothing was let go.
            OSError: the store cannot be written; nothing was let go.
        """
        recipes = {version.recipe: version for version in live}
        wanted = {name for version in recipes.values() for name in (version.recipe, *self.parts(version))}
        held = {pack: packs.directory(pack) for pack in packs.packs(self.folder)}
        old = [pack for pack, slots in held.items() if _worth_joining(pack, slots, wanted)]
        writer = packs.PackWriter(self.folder)
        try:
            for pack in old:
                slots = held[pack].items()
                kept = [(name, slot) for name, slot in slots if name in wanted and self.slots.get(name) == slot]
                for (name, slot), piece in zip(kept, packs.read(kept), strict=True):
                    writer.add(name, piece, deflate=slot.deflated)
            made = writer.close()
        except ValueError as error:
            writer.drop()
            raise refuse("HIS003", value=str(error)) from error
        except BaseException:
            writer.drop()
            raise
        for pack in old:
            if pack != made:
                with suppress(OSError):
                    pack.unlink()
        self._slots = None


def _worth_joining(pack: Path, slots: Mapping[str, Slot], wanted: set[str]) -> bool:
    dead = sum(slot.length for name, slot in slots.items() if name not in wanted)
    size = pack.stat().st_size
    return bool(size < settings()["ring"]["small_pack"] or dead > size / 2)
