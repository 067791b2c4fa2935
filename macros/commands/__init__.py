"""The commands: one function for each, used alike by the command line and by the buttons.

A command takes plain options and returns an `Answer`; it never prints. Modules load when their command is first
asked for, so that a click pays only for what it uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: Command id → where its function stands: a module of this package, or one of the add-in with its full name.
COMMANDS = {
    "init": "setup:init",
    "import": "importing:take_in",
    "check": "checking:check",
    "board": "boarding:board",
    "explain": "boarding:explain",
    "preview": "boarding:preview",
    "workdays.add": "days:add",
    "workdays.between": "days:between",
    "workdays.import": "days:import_notice",
    "workdays.show": "days:show",
    "form": "forming:form",
    "forms": "forming:offered",
    "lint": "linting:lint",
    "bill": "bill.command:bill",
    "notices": "noticing:notices",
    "collection": "collecting:collection",
    "expiring": "expiring:expiring",
    "reconcile": "reconciling:reconcile",
    "consolidate": "consolidate:consolidate",
    "batches": "order_batches:batches",
    "changes": "change_trail:changes",
    "answers": "sharing_answers:answers",
    "schedule": "scheduling:schedule",
    "mail": "mailing:mail",
    "sites": "sites:sites",
    "dashboard": "dashboard.command:dashboard",
    "service": "service:service",
    "customers": "customers:customers",
    "mask": "masking:mask",
    "plan": "planning:plan",
    "visits": "visits:visits",
    "care": "care:care",
    "checklist": "checklists:checklist",
    "report": "reports.command:report",
    "rollup": "rollup.command:rollup",
    "snapshot": "snapshots:snapshot",
    "restore": "snapshots:restore",
    "history": "history:history",
    "merge": "merging:merge",
    "assumptions": "assuming:assumptions",
    "selftest": "selftest:selftest",
    "completion": "completing:completion",
    "papers": "guide:papers",
    "guide": "guide:guide",
    "demo": "demo.command:demo",
    "addin.build": "addin.build:build",
    "addin.install": "addin.install:install",
    "addin.uninstall": "addin.install:uninstall",
    "addin.status": "addin.install:status",
    "addin.package": "addin.package.folder:package",
    "agent.start": "addin.agent.command:launch",
    "agent.stop": "addin.agent.command:stop",
    "agent.status": "addin.agent.command:status",
}

DONE, FOUND, FAILED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: ``data`` for ``--json``, ``text`` for people, and the exit status.

    ``told`` is the data, or what makes them: those of a large board take longer than the board, and few ask for
    them. The status is 0 done, 1 done with errors or differences found, 2 could not be done.
    """

    told: dict[str, Any] | Callable[[], dict[str, Any]]
    text: str
    status: int = field(default=DONE)

    @property
    def data(self) -> dict[str, Any]:
        """What ``--json`` prints; made anew at each call where ``told`` makes it."""
        return self.told() if callable(self.told) else self.told


def command(name: str) -> Callable[..., Answer]:
    """The function of a command id.

    Raises:
        KeyError: there is no such command.
    """
    module, function = COMMANDS[name].split(":")
    home = "" if module.startswith("addin.") else "macros.commands."
    found: Callable[..., Answer] = getattr(import_module(home + module), function)
    return found
