"""A page as a tree of elements: just enough to ask what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip


@dataclass(eq=False)
class Element:
    """An element, its attributes, and what is in it: elements and texts, in order."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """The classes of the element."""
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """All words below, with single spaces."""
        return " ".join("".join(self.texts()).split())

    def texts(self) -> Iterator[str]:
        """The texts below, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield from child.texts()
            else:
                yield child

    def walk(self) -> Iterator[Element]:
        """This element and all below, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str) -> list[Element]:
        """The elements below that are called ``tag``."""
        return [each for each in self.walk() if each.tag == tag]

    def ancestors(self) -> Iterator[Element]:
        """This element, its parent, and so on."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def holding(self, words: str) -> list[Element]:
        """The innermost elements whose text has ``words``."""
        below = [each for each in self.children if isinstance(each, Element)]
        found = [each for child in below for each in child.holding(words)]
        return found or ([self] if words in self.text else [])


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._open.children.append(Element(tag, attributes, self._open))

    def handle_endtag(self, tag: str) -> None:
        for element in self._open.ancestors():
            if element.tag == tag and element.parent is not None:
                self._open = element.parent
                return
        raise AssertionError(f"</{tag}> closes nothing that is open")

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)


def parse(page: str) -> Element:
    """The root of the tree of ``page``; an end tag without its start is an AssertionError."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    return builder.root


def read(site: FlaskClient, path: str, **headers: str) -> Element:
    """The page at ``path`` as a browser gets it."""
    response = site.get(path, headers={"Accept": "text/html", **headers}, follow_redirects=True)
    assert response.status_code == 200, path
    return parse(response.text)


def links(page: Element) -> list[str]:
    """Where the links of ``page`` lead."""
    return [each.attributes.get("href", "") for each in page.all("a")]
