"""Writes vbaProject.bin from the text of its modules ([MS-OVBA]), without Excel.

The project holds source text only: no compiled cache, so Office compiles it when it loads ([MS-OVBA] 2.3.4.1).
"""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from addin.build.cfb import compound
from addin.build.packing import compressed, encrypted

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Sources are ASCII; the code page is named because the format asks for one.
CODEPAGE = 1252
ENGLISH = 0x409
#: The libraries the sources name types of; paths are hints, Office resolves the identifiers.
REFERENCES = (
    ("stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"),
    (
        "Office",
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#"
        r"C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
    ),
)
#: What a document module is the code of.
BASES = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "sheet": "0{00020820-0000-0000-C000-000000000046}",
}
#: Seeds of the three protection properties; any byte serves, a fixed one keeps builds equal.
SEEDS = {"CMG": 0x5A, "DPB": 0x4C, "GC": 0x3E}


@dataclass(frozen=True, slots=True)
class Module:
    """One module: ``source`` is its text as kept in the repository, without generated attributes."""

    name: str
    kind: Literal["standard", "workbook", "sheet"]
    source: str

    def stream(self) -> bytes:
        """The module as stored: attributes first, CRLF, one-byte characters.

        Raises:
            UnicodeEncodeError: the source is not ASCII; Chinese text belongs on the sheet of texts.
        """
        lines = self.source.splitlines()
        if self.kind != "standard":
            lines = [
                f'Attribute VB_Name = "{self.name}"',
                f'Attribute VB_Base = "{BASES[self.kind]}"',
                "Attribute VB_GlobalNameSpace = False",
                "Attribute VB_Creatable = False",
                "Attribute VB_PredeclaredId = True",
                "Attribute VB_Exposed = True",
                "Attribute VB_TemplateDerived = False",
                "Attribute VB_Customizable = True",
                *lines,
            ]
        return ("\r\n".join(lines) + "\r\n").encode("ascii")


def project(name: str, modules: Sequence[Module]) -> bytes:
    """The project ``name`` with its modules as vbaProject.bin; the same sources give the same bytes."""
    identity = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"vba:{name}")).upper() + "}"
    streams = {module.name: compressed(module.stream()) for module in modules}
    streams["_VBA_PROJECT"] = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 1)
    streams["dir"] = compressed(_directory(name, modules))
    return compound(
        {"VBA": dict(streams), "PROJECT": _properties(name, identity, modules), "PROJECTwm": _names(modules)}
    )


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _twice(narrow: int, wide: int, text: str) -> bytes:
    """A text as the format keeps it: once in the code page, once in UTF-16."""
    return _record(narrow, text.encode(f"cp{CODEPAGE}")) + _record(wide, text.encode("utf-16-le"))


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The dir stream ([MS-OVBA] 2.3.4.2) before compression."""
    parts = [
        _record(0x01, struct.pack("<I", 1)),  # system kind: 32-bit Windows, which every Office reads
        _record(0x02, struct.pack("<I", ENGLISH)),
        _record(0x14, struct.pack("<I", ENGLISH)),
        _record(0x03, struct.pack("<H", CODEPAGE)),
        _record(0x04, name.encode(f"cp{CODEPAGE}")),
        _twice(0x05, 0x40, ""),  # description
        _record(0x06) + _record(0x3D),  # help files
        _record(0x07, bytes(4)),  # help context
        _record(0x08, bytes(4)),  # library flags
        struct.pack("<HIIH", 0x09, 4, 0x61EEF783, 3),  # version
        _twice(0x0C, 0x3C, ""),  # compilation constants
    ]
    for library, identity in REFERENCES:
        raw = identity.encode(f"cp{CODEPAGE}")
        parts += [_twice(0x16, 0x3E, library), _record(0x0D, struct.pack("<I", len(raw)) + raw + bytes(6))]
    parts += [_record(0x0F, struct.pack("<H", len(modules))), _record(0x13, struct.pack("<H", 0xFFFF))]
    for module in modules:
        parts += [
            _twice(0x19, 0x47, module.name),
            _twice(0x1A, 0x32, module.name),  # stream name
            _twice(0x1C, 0x48, ""),  # description
            _record(0x31, bytes(4)),  # the text starts at 0: no compiled cache before it
            _record(0x1E, bytes(4)),  # help context
            _record(0x2C, struct.pack("<H", 0xFFFF)),  # cookie
            _record(0x21 if module.kind == "standard" else 0x22),
            _record(0x2B),
        ]
    return b"".join(parts) + _record(0x10)


def _properties(name: str, identity: str, modules: Sequence[Module]) -> bytes:
    """The PROJECT stream ([MS-OVBA] 2.3.1): not protected, no password, visible."""
    kinds = {
        module.name: f"Module={module.name}" if module.kind == "standard" else f"Document={module.name}/&H00000000"
        for module in modules
    }
    protection = {"CMG": bytes(4), "DPB": bytes(1), "GC": b"\xff"}
    lines = [
        f'ID="{identity}"', *kinds.values(), f'Name="{name}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"',
        *[f'{key}="{encrypted(identity, data, SEEDS[key])}"' for key, data in protection.items()],
        "", "[Host Extender Info]", "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "", "[Workspace]", *[f"{module.name}=0, 0, 0, 0, C" for module in modules],
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream ([MS-OVBA] 2.3.3): every module name in both encodings."""
    pairs = [module.name.encode("ascii") + b"\0" + module.name.encode("utf-16-le") + b"\0\0" for module in modules]
    return b"".join(pairs) + b"\0\0"
