"""What a check says: a few words when all is well, findings when not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from macros.findings import Finding

State = Literal["good", "warn", "bad", "none"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check; ``said`` is its line on the page."""

    said: str
    findings: tuple[Finding, ...] = ()
    applies: bool = True

    @property
    def state(self) -> State:
        """Good, warn or bad by the worst finding; none where there is nothing to check. Information is good."""
        if not self.applies:
            return "none"
        worst = {one.severity for one in self.findings}
        return "bad" if "error" in worst else "warn" if "warning" in worst else "good"


#: What the check is about is not on this machine.
NOT_HERE = Verdict("", applies=False)
