"""The tools on the Model Context Protocol (2025-11-25 and later), by its official SDK.

The SDK is an optional part of the package (``cecot[mcp]``). Nothing but this module knows it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import TypeVar

import anyio
import mcp_types as types
import uvicorn
from anyio import to_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.shared.message import SessionMessage
from pydantic import TypeAdapter

from cecot import __version__
from cecot.claims.claim import Status, read_statuses
from cecot.engine import Caller, calling
from cecot.errors import CecotError
from cecot.mcp.library import RESOURCES, Library
from cecot.mcp.schemas import read_arguments, record, schema_of
from cecot.mcp.tools import RULES, TOOLS, Tool
from cecot.protocol.problem import place

Context = ServerRequestContext[object]
Result = TypeVar("Result")
_READS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

_NO_MESSAGE = types.JSONRPCError(
    jsonrpc="2.0",
    id=None,
    error=types.ErrorData(code=types.PARSE_ERROR, message="This is not a message of JSON-RPC 2.0."),
)

_FURTHER = (
    "A speaker that the text does not name stays unnamed: never guess who it is, and never take "
    "two unidentified speakers for one.",
    "Pass on what is unresolved: it tells what the text leaves open.",
    "Voices that disagree stand side by side: do not merge their figures.",
    "Quote only what stands in quotations. Where you need an address to cite, give the IRI of the "
    "claim or of the passage.",
    "Begin with search; describe tells all that is said of one thing, and what is not stated; "
    "list_claims filters statements; questions have ready queries; sparql answers any other query.",
)


def instructions(title: str, statuses: Iterable[Status]) -> str:
    """What a client tells its model of this server; ``title`` is that of the graph."""
    lines = [
        f"{title}. It holds statements of texts, each with whoever says it, its status and its "
        "place in the text. It tells what is said, not what is true.",
        RULES,
        *_FURTHER,
        "The statuses:",
    ]
    lines += [f"- {each.name}: {each.meaning.first('en')}" for each in statuses if each.meaning]
    return "\n".join(lines)


def build_server(library: Library) -> Server[object]:
    """A server of the tools and resources over ``library``. Raises what the engine raises."""
    told = instructions(library.description.title("en"), read_statuses(library.engine).values())
    tools = [_described(each) for each in TOOLS]
    resources = [
        types.Resource(
            uri=each.uri, name=each.name, description=each.description, mime_type=each.media_type
        )
        for each in RESOURCES
    ]

    async def list_tools(_: Context, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(_: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool = next((each for each in TOOLS if each.name == asked.name), None)
        if tool is None:
            names = ", ".join(each.name for each in TOOLS)
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {asked.name!r}; only {names}.")
        try:
            arguments = read_arguments(tool.parameters, asked.arguments or {})
            told, text = await _in_a_thread(lambda: tool.work(library, **arguments))
        except CecotError as error:
            return _failure(error)
        return types.CallToolResult(content=[_text(text)], structured_content=record(told))

    async def list_resources(_: Context, __: object) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=resources)

    async def read_resource(
        _: Context, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        found = next((each for each in RESOURCES if each.uri == str(asked.uri)), None)
        if found is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no resource {asked.uri}.")
        try:
            text = await _in_a_thread(lambda: found.read(library))
        except CecotError as error:
            raise MCPError(types.INTERNAL_ERROR, f"{error.message} {error.hint}") from None
        content = types.TextResourceContents(uri=found.uri, mime_type=found.media_type, text=text)
        return types.ReadResourceResult(contents=[content])

    return Server(
        "cecot",
        version=__version__,
        title=library.description.title("en"),
        instructions=told,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def serve_stdio(server: Server[object]) -> None:
    """Answer the client at the other end of standard input and output, until it goes.

    What is no message is answered too (JSON-RPC 2.0, 5.1): who sent it waits for an answer.
    """

    async def serve() -> None:
        told, heard = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        async with stdio_server() as (incoming, outgoing), anyio.create_task_group() as both:

            async def pass_on() -> None:
                async with told:
                    async for each in incoming:
                        if isinstance(each, Exception):
                            await outgoing.send(SessionMessage(_NO_MESSAGE))
                        else:
                            await told.send(each)

            both.start_soon(pass_on)
            await server.run(heard, outgoing, server.create_initialization_options())

    anyio.run(serve)


def serve_http(server: Server[object], listener: socket.socket) -> None:
    """Answer clients at the address of ``listener``, path /mcp, until SIGTERM or SIGINT."""
    # No session is kept: each request stands for itself.
    host = str(listener.getsockname()[0])
    app = server.streamable_http_app(host=host, json_response=True, stateless_http=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema_of(tool.parameters),
        output_schema=TypeAdapter(tool.tells).json_schema(mode="serialization"),
        annotations=_READS,
    )


def _failure(error: CecotError) -> types.CallToolResult:
    """A failure that the model can mend: what, where, what to do; the same as data beside it."""
    lines = [f"{error.title}: {error.message}", place(error), error.hint]
    members = {
        "message": error.message,
        "hint": error.hint,
        "where": error.where,
        "line": error.line,
        "column": error.column,
    }
    return types.CallToolResult(
        content=[_text("\n".join(filter(None, lines)))],
        is_error=True,
        # No structured content: clients check that against the schema of a success.
        _meta={"error": {name: each for name, each in members.items() if each not in ("", None)}},
    )


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


async def _in_a_thread(work: Callable[[], Result]) -> Result:
    """Do blocking work; if the client cancels its request, the query that it waits for ends."""
    caller = Caller()

    def run() -> Result:
        with calling(caller):
            return work()

    try:
        return await to_thread.run_sync(run, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        caller.leave()
        raise
