"""Entry of the launchers: ``python -m addin click ID …``, and of the agent's own processes."""

from __future__ import annotations

import sys
from dataclasses import asdict


def main(words: list[str]) -> int:
    """Run a click, the agent or one of its workers; returns the exit status."""
    match words:
        case ["click", *rest]:
            from addin.click import run
            from addin.desk import caller_of

            return run(asdict(caller_of(rest)))
        case ["agent"]:
            from addin.agent.command import start

            return start().status
        case ["worker"]:
            from addin.agent.worker import main as work

            return work()
    print("用法：python -m addin click 按钮 …", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
