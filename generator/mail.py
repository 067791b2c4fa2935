"""Puts papers into e-mail drafts that a mail program opens ready to send; nothing is sent here."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from macros.data import toml
from macros.findings import Finding, about, finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.records import Record

_RULES = Path(__file__).parent.parent / "macros" / "rules" / "mail.toml"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: the papers it takes along, whom it is for, its words.

    ``receiver`` is the column of a paper's row that names who it goes to, ``office`` the post of ours it is for; both
    are empty where it goes to the customer.
    """

    papers: tuple[str, ...]
    posts: tuple[str, ...]
    subject: str
    body: str
    receiver: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A paper to send: its number, kind, name, customer (for a paper that stays inside, its receiver) and file."""

    number: str
    form: str
    name: str
    customer: str
    file: Path
    data: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to one customer: whom it goes to, what it says, what it takes along."""

    customer: str
    to: tuple[Address, ...]
    subject: str
    body: str
    papers: tuple[Enclosed, ...]

    def as_bytes(self) -> bytes:
        """The draft as an .eml file that opens for editing; the same draft, the same bytes."""
        message = EmailMessage(policy=SMTP)
        message["X-Unsent"] = "1"
        if self.to:
            message["To"] = self.to
        message["Subject"] = self.subject
        message.set_content(self.body)
        for paper in self.papers:
            message.add_attachment(paper.data, maintype=_WORD[0], subtype=_WORD[1], filename=paper.file.name)
        digest = hashlib.sha256(b"".join(paper.data for paper in self.papers) + self.body.encode())
        message.set_boundary(f"towerdesk-{digest.hexdigest()[:32]}")
        return message.as_bytes()


@cache
def rules() -> tuple[Mapping[str, str], tuple[Kind, ...]]:
    """The words of drafts and the kinds of letters, from macros/rules/mail.toml."""
    raw = toml(_RULES)
    kinds = tuple(
        Kind(
            tuple(each["papers"]), tuple(each["posts"]), each["subject"], each["body"].strip() + "\n",
            each.get("receiver", ""), each.get("office", ""),
        )
        for each in raw["kind"]
    )
    return raw["words"], kinds


def drafts(
    papers: Sequence[Enclosed], contacts: Sequence[Record], settings: Mapping[str, str],
) -> tuple[list[Draft], list[Finding]]:
    """One letter for each customer and kind of paper, in the order of the papers.

    Args:
        papers: the papers to send.
        contacts: the rows of 联系人.
        settings: 公司名称 and 客户经理 are printed.

    Returns:
        The letters, and what keeps papers from being sent: nobody to write to, addresses that are none (§3.1).
    """
    words = rules()[0]
    made: list[Draft] = []
    findings: list[Finding] = []
    together: dict[tuple[str, Kind], list[Enclosed]] = {}
    for paper in papers:
        kind = kind_of(paper.form)
        together.setdefault((kind.office or paper.customer, kind), []).append(paper)
    for (customer, kind), enclosed in together.items():
        to: tuple[Address, ...] = ()
        if kind.office:
            names = words["join"].join(dict.fromkeys(paper.name for paper in enclosed))
            said = [finding("MAI008", papers=names, value=kind.office)]
        elif kind.receiver:
            to, said = inside(contacts, customer, kind)
        else:
            to, said = addressed([row for row in contacts if row.text("customer_name") == customer], customer, kind)
        findings += said
        if not (to or kind.receiver or kind.office):
            continue
        values = {
            "customer": customer, "company": settings.get("公司名称", ""), "manager": settings.get("客户经理", ""),
            "papers": words["join"].join(dict.fromkeys(paper.name for paper in enclosed)),
            "numbers": words["join"].join(paper.number for paper in enclosed),
        }
        made.append(Draft(
            customer, to, kind.subject.format(**values), kind.body.format(**values), tuple(enclosed),
        ))
    return made, list(dict.fromkeys(findings))


def kind_of(form: str) -> Kind:
    """The letter a paper goes out with."""
    return next(each for each in rules()[1] if form in each.papers or not each.papers)


def inside(
    contacts: Iterable[Record], person: str, kind: Kind,
) -> tuple[tuple[Address, ...], list[Finding]]:
    """The address of one of ours, who holds the post: a customer's contact may bear the same name.

    The draft is left without a receiver where none is known.
    """
    known = [
        row.text("email") for row in contacts
        if row.text("person") == person and any(word in row.text("post") for word in kind.posts)
    ]
    found = next((address for address in known if _ADDRESS.fullmatch(address)), "")
    if not found:
        return (), [finding("LOO040", value=person)]
    user, _, host = found.rpartition("@")
    return (Address(_plain(person), user, host),), []


def addressed(
    contacts: Iterable[Record], customer: str, kind: Kind,
) -> tuple[tuple[Address, ...], list[Finding]]:
    """Whom of a customer's contacts a letter goes to: those of the right posts, else all that can be written to."""
    known: list[tuple[str, Address]] = []
    findings: list[Finding] = []
    for row in contacts:
        address = row.text("email")
        if not address:
            continue
        if not _ADDRESS.fullmatch(address):
            findings.append(about(row, "email", "MAI006", value=address))
            continue
        user, _, host = address.rpartition("@")
        known.append((row.text("post"), Address(_plain(row.text("person")), user, host)))
    if not known:
        return (), [*findings, finding("MAI004", customer=customer)]
    chosen = tuple(address for post, address in known if any(word in post for word in kind.posts))
    if chosen or not kind.posts:
        return chosen or tuple(address for _, address in known), findings
    posts = "、".join(kind.posts)
    findings.append(finding("MAI005", customer=customer, posts=posts))
    return tuple(address for _, address in known), findings


def _plain(name: str) -> str:
    """A name without line breaks, which would end the header."""
    return " ".join(name.split())
