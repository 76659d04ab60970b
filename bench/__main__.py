"""``python -m bench TASK``: one door to all that can be measured here."""

from __future__ import annotations

import importlib
import signal
import sys
from types import FrameType

TASKS = {
    "generate": "write rooms of a chosen size in the shape of the real graph",
    "compare": "measure cecot serve, oxigraph serve and rdflib-endpoint side by side",
    "hostile": "attack an endpoint while polite clients use it",
    "large": "a million rows to one reader, then to twenty that stall",
    "loading": "load the graph, against Oxigraph's own bulk loader",
    "validation": "check graphs of three sizes by queries and by pySHACL",
    "agreement": "compare the findings of queries and of pySHACL, one by one",
    "remote": "the same pages and questions by our own engine and over another's",
    "client": "measure the measuring client itself",
}


def main() -> int:
    """Run the task that the first argument names; return its exit code."""
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:
        print("usage: python -m bench TASK [OPTIONS]\n")
        for name, text in TASKS.items():
            print(f"  {name:10} {text}")
        print("\npython -m bench TASK --help says more.")
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    signal.signal(signal.SIGTERM, _end)  # so that the servers started here end as well
    task = importlib.import_module(f"bench.{sys.argv[1]}")
    return int(task.main(sys.argv[2:]) or 0)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
