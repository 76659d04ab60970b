"""What the program may say to a client, read from its source: every text of every error."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

PACKAGE = Path(__file__).parents[1] / "server" / "cecot"

NOT_FOR_CLIENTS = {"cli", "commands", "dataset", "mcp", "validation"}
"""Rooms whose errors reach a terminal, a log or an agent, never a client of the service."""

THEMSELVES = {"errors.py", "messages.py", "views/messages/__init__.py"}
"""What errors and texts are, and how they are translated: no text is made there."""

OF_THE_TERMINAL = {"UsageError", "TurtleError"}
"""Errors in options and in files, which the command line alone can meet."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A text: the key of its translations, whether values are filled in, where it stands."""

    text: str
    is_template: bool
    where: str

    @property
    def places(self) -> set[str]:
        """The names of the values in it."""
        return places(self.text) if self.is_template else set()


@dataclass(slots=True)
class Sayings:
    """The texts of some modules, and the places where a text is made in a way not followed."""

    found: list[Saying] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def places(template: str) -> set[str]:
    """The names of the values in ``template``."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def sayings_of(sources: dict[str, str], kinds: set[str]) -> Sayings:
    """The texts that ``sources`` (by name) give to errors of ``kinds``, to findings, to ``say``."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    said = Sayings()
    for name, tree in trees.items():
        reader = _Reader(name, tree, trees, said)
        known = {*kinds, "say"} if "cecot.messages import say" in sources[name] else kinds
        for function, node in _nodes(tree, None):
            for text in _texts(node, known):
                reader.read(text, function)
    return said


def client_sources() -> dict[str, str]:
    """The modules whose errors a client may read."""
    modules = {str(path.relative_to(PACKAGE)): path for path in PACKAGE.rglob("*.py")}
    return {
        name: path.read_text("utf-8")
        for name, path in modules.items()
        if name.split("/")[0].removesuffix(".py") not in NOT_FOR_CLIENTS and name not in THEMSELVES
    }


def _nodes(
    tree: ast.AST, function: ast.FunctionDef | None
) -> Iterator[tuple[ast.FunctionDef | None, ast.AST]]:
    for child in ast.iter_child_nodes(tree):
        yield function, child
        yield from _nodes(child, child if isinstance(child, ast.FunctionDef) else function)


def _texts(node: ast.AST, kinds: set[str]) -> list[ast.expr]:
    """The expressions that ``node`` shows to a client."""
    match node:
        case ast.Call(func=ast.Name(id="say")) if "say" in kinds:
            return [node]
        case ast.Call(func=ast.Name(id="Finding"), args=[_, *texts]):
            return texts[:2]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in kinds:
            hints = [each.value for each in node.keywords if each.arg == "hint"]
            return [*node.args[:1], *hints]
        case ast.Assign(targets=[ast.Attribute(attr="hint" | "message")], value=value):
            return [value]
    return []


@dataclass(slots=True)
class _Reader:
    """Follows an expression to the texts that it can be."""

    name: str
    tree: ast.Module
    trees: dict[str, ast.Module]
    said: Sayings

    def read(self, text: ast.expr, function: ast.FunctionDef | None) -> None:
        where = f"{self.name}:{text.lineno}"
        match text:
            case ast.Constant(value=str() as words):
                self.said.found.append(Saying(words, is_template=False, where=where))
            case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str() as words)]):
                self.said.found.append(Saying(words, is_template=True, where=where))
            case ast.IfExp(body=one, orelse=other):
                self.read(one, function)
                self.read(other, function)
            case ast.Attribute(attr="message" | "hint"):
                pass  # of an error or a finding, which are read where they are made
            case ast.Name(id=name) if sources := self._sources(name, function):
                for source, inside in sources:
                    self.read(source, inside)
            case ast.Call(func=ast.Name(id=called)) if returned := self._returned(called):
                for reader, source, inside in returned:
                    reader.read(source, inside)
            case _:
                self.said.unclear.append(f"{where}: {ast.unparse(text)}")

    def _sources(
        self, name: str, function: ast.FunctionDef | None
    ) -> list[tuple[ast.expr, ast.FunctionDef | None]]:
        """What is assigned to ``name`` in ``function``, or given to it as this parameter."""
        if function is None or name == "self":
            return []
        parameters = [each.arg for each in function.args.args]
        if name not in parameters:
            return [
                (node.value, function)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                and [ast.unparse(each) for each in node.targets] == [name]
            ]
        place = parameters.index(name)
        return [
            (node.args[place], inside)
            for inside, node in _nodes(self.tree, None)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) == function.name
            and len(node.args) > place
        ]

    def _returned(self, called: str) -> list[tuple[_Reader, ast.expr, ast.FunctionDef]]:
        """What the function ``called``, of this module or imported, gives back."""
        home = self._home_of(called)
        return [
            (_Reader(home, self.trees[home], self.trees, self.said), node.value, function)
            for function in ast.walk(self.trees[home])
            if isinstance(function, ast.FunctionDef) and function.name == called
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value
        ]

    def _home_of(self, called: str) -> str:
        """The module that ``called`` is imported from; this one if it is not."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                home = node.module.removeprefix("cecot.").replace(".", "/") + ".py"
                if called in [each.name for each in node.names] and home in self.trees:
                    return home
        return self.name
