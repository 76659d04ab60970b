"""A client of the Model Context Protocol that is connected to a real process of ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import CallToolResult, TextContent

PATIENCE = 60.0


class Session:
    """A client that is connected, for tests that wait for each answer."""

    def __init__(self, portal: BlockingPortal, client: Client, process: int = 0) -> None:
        """``process`` is the server, if the client started it."""
        self.portal, self.client, self.process = portal, client, process

    def call(self, name: str, **given: object) -> CallToolResult:
        """Call a tool."""
        answer = self.portal.call(lambda: self.client.call_tool(name, given))
        assert isinstance(answer, CallToolResult)
        return answer

    def told(self, name: str, **given: object) -> tuple[dict[str, Any], str]:
        """Call a tool that must succeed; its record and its text."""
        answer = self.call(name, **given)
        assert not answer.is_error, text_of(answer)
        return answer.structured_content, text_of(answer)


def text_of(answer: CallToolResult) -> str:
    """The text of an answer."""
    (content,) = answer.content
    assert isinstance(content, TextContent)
    return content.text


@contextmanager
def connected(*command: str, temporary: Path) -> Iterator[Session]:
    """A session with ``cecot mcp``, whose temporary files are in a folder of their own."""
    server = StdioServerParameters(
        command=sys.executable, args=list(command), env={"TMPDIR": str(temporary)}
    )
    before = set(descendants(os.getpid()))
    with start_blocking_portal() as portal:
        client = Client(stdio_client(server), read_timeout_seconds=PATIENCE)
        with portal.wrap_async_context_manager(client) as entered:
            process = next(each for each in descendants(os.getpid()) if each not in before)
            yield Session(portal, entered, process)


def named(name: str, ancestor: int) -> list[int]:
    """The processes called ``name`` that ``ancestor`` has started, and those that they have."""
    return [each for each in descendants(ancestor) if comm(each) == name]


def descendants(process: int) -> list[int]:
    """All processes that ``process`` has started, and those that they have."""
    folder = Path("/proc", str(process), "task")
    children = [
        int(child)
        for task in folder.iterdir()
        for child in (task / "children").read_text("ascii").split()
    ]
    return [each for child in children for each in (child, *descendants(child))]


def comm(process: int) -> str:
    return Path("/proc", str(process), "comm").read_text("utf-8").strip()
