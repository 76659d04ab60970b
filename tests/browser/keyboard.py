"""Somebody without a mouse at the workbench: Tab, arrows, Enter and words; what they do is counted.

What they want to say is a claim of rooms that were written by hand. They change in the form what is
not proposed as it stands there, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

from cecot.editing.form import PassageText, form_of
from cecot.editing.index import Index
from cecot.editing.passages import Passages
from cecot.vocabulary import CECOT, RDF, SKOS
from cecot.workbench.fields import fields_of, kinds

# In the order of the form; the names of things first, since each may ask what it is.
_VALUES = ("as_written", "number", "unit", "qualifier", "date_written", "edtf", "first", "last",
           "object_words", "object_language", "converted", "converted_number",
           "converted_unit", "converted_gloss_en", "converted_gloss_es", "gloss_en",
           "gloss_es")  # fmt: skip
_LATER = ("quoted", "responds_to", "repeats", "status")
_WORDED = ("description", "unresolved", "readings", "notes")
PATIENCE = 60_000
_CURSOR = """
() => {
  const { value, selectionEnd } = document.activeElement;
  return [...value.slice(0, selectionEnd)].length;
}
"""
"""Where the cursor of a text stands, which is the end of what is selected: in code points."""

_NAMED = ("speakers", "subject", "object_thing", "about", "accused", "policies", "acts", "victims",
          "basis", "said_in", "as_of")  # fmt: skip
"""The fields that hold names of things, several with a semicolon between."""


class Keyboard:
    """One person at one page. ``actions`` counts what they do: a field, a choice, a button."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def reach(self, name: str) -> None:
        """Go by Tab to the field or button called ``name``."""
        for _ in range(160):
            here = self.page.evaluate(
                "() => { const e = document.activeElement;"
                " return [e.id, e.name, e.value, e.textContent.trim()] }"
            )
            if name in here:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} is not reached by Tab")

    def press(self, name: str) -> None:
        """Press the button, or follow the link."""
        self.reach(name)
        self.actions += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, words: str) -> None:
        """Write into a field, in the place of what it holds."""
        self.reach(name)
        self.actions += 1
        self.page.keyboard.press("Control+a")
        if words:
            self.page.keyboard.insert_text(words)
        else:
            self.page.keyboard.press("Delete")

    def choose(self, name: str, value: str) -> None:
        """Choose from a list: by the first letters of the choice, then by the arrow keys."""
        self.reach(name)
        self.actions += 1
        words = self.page.locator(f"#{name} option[value='{value}']").inner_text()
        self.page.keyboard.press("Home")
        self.page.keyboard.type(re.match(r"[\w ]*", words, re.ASCII)[0])  # type: ignore[index]
        for _ in range(200):
            if self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not on the list {name}")

    def tick(self, name: str) -> None:
        """Tick a box, or take the tick away."""
        self.reach(name)
        self.actions += 1
        self.page.keyboard.press("Space")

    def select(self, start: int, end: int) -> None:
        """Select characters of the passage, by words and by letters, with Shift and the arrows."""
        self.reach("sentence")
        self.actions += 1
        self.page.keyboard.press("Control+Home")
        self._move(start)
        self._move(end, "Shift+")

    def _move(self, target: int, held: str = "") -> None:
        """Move the cursor on to ``target``, and as many letters back as a word was too long."""
        here = self.page.evaluate(_CURSOR)
        while here < target:
            self.page.keyboard.press(f"{held}Control+ArrowRight")
            before, here = here, self.page.evaluate(_CURSOR)
            assert here > before, "the text ends before"
        for _ in range(here - target):
            self.page.keyboard.press(f"{held}ArrowLeft")

    def unfold(self, name: str) -> None:
        """Open what is folded around a field."""
        if self.page.locator(f"details:not([open]) #{name}").count():
            words = self.page.locator(f"details:has(#{name}) > summary").last.inner_text()
            self.reach(words)
            self.actions += 1
            self.page.keyboard.press("Enter")

    def settle(self) -> None:
        """Leave the field, and wait until what the rules say has come."""
        self.page.keyboard.press("Tab")
        self.page.wait_for_selector("#claim:not([aria-busy])", timeout=PATIENCE)

    def fields(self) -> dict[str, str]:
        """What the fields of the claim hold."""
        found: dict[str, str] = self.page.evaluate(
            "() => Object.fromEntries(new FormData(document.getElementById('claim')))"
        )
        return {name: value.replace("\r\n", "\n") for name, value in found.items()}


class Editor:
    """Makes the claims of ``index`` again, in the workbench at ``base``."""

    def __init__(self, page: Page, base: str, index: Index, passages: Passages) -> None:
        self.page = page
        self.base = base
        self.index = index
        self.passages = passages
        self.made: dict[str, str] = {}

    def make(self, claim: str, look: Callable[[Page], None] | None = None) -> int:
        """Make ``claim`` of ``index`` again; how many actions it took.

        ``look`` sees the page before it is saved.
        """
        place = self.passages.one(self.index.iri(claim, str(CECOT.passage)))
        form = form_of(self.index, claim)
        wanted = fields_of(self.index, form, place, "en")
        key = place.source.removeprefix(self.index.material.namespace)
        self.page.goto(f"{self.base}/passage/{key}/{place.line}")
        before = self._claims()
        keys = Keyboard(self.page)
        assert form.start is not None
        assert form.end is not None
        keys.select(form.start - place.start, form.end - place.start)
        keys.press("New claim")
        self._fill(keys, wanted)
        if look is not None:
            look(self.page)
        told = self.page.locator(".findings")
        assert told.count() == 0, (claim, told.all_inner_texts(), keys.fields())
        keys.press("Save")
        expect(self.page.get_by_role("status"), claim).to_be_visible()
        (made,) = self._claims() - before
        self.made[claim] = self.index.material.namespace + made
        return keys.actions

    def _claims(self) -> set[str]:
        """The names of the claims on the page of a passage."""
        ids = self.page.evaluate(
            "() => [...document.querySelectorAll('article[id]')].map((e) => e.id)"
        )
        return set(ids)

    def note(self, place: PassageText) -> None:
        """Say why ``place`` has no claim, as its note does."""
        key = place.source.removeprefix(self.index.material.namespace)
        self.page.goto(f"{self.base}/passage/{key}/{place.line}")
        keys = Keyboard(self.page)
        for language in ("en", "es"):
            note = self.index.text(place.iri, str(SKOS.editorialNote), language)
            keys.write(f"note_{language}", note)
        keys.press("Save the note")

    def _fill(self, keys: Keyboard, wanted: Mapping[str, str]) -> None:
        """Change what is not as ``wanted``, from the top of the form to its end."""
        for name in ("speakers", "saying", "speech_act", "hedge"):
            self._set(keys, name, wanted.get(name, ""))
        keys.settle()
        if "predicate" in keys.fields():
            for name in ("subject", "predicate", "object_kind"):
                self._set(keys, name, wanted.get(name, ""))
        for name in ("accused", "policies", "acts", "victims", "basis", "object_thing"):
            self._set(keys, name, wanted.get(name, ""))
        shown = self._shown()
        for name in (each for each in _VALUES if each in shown):
            self._set(keys, name, wanted.get(name, ""))
        if "at_least" in shown and bool(wanted.get("at_least")) != ("at_least" in keys.fields()):
            keys.tick("at_least")
        keys.settle()
        self._name(keys)
        for name in (*_LATER, "about", "said_in", "as_of"):
            self._set(keys, name, self.made.get(wanted.get(name, ""), wanted.get(name, "")))
        keys.settle()
        self._name(keys)
        for name in _WORDED:
            for language in ("en", "es"):
                field = f"{name}_{language}"
                self._set(keys, field, wanted.get(field, ""))
        keys.settle()

    def _shown(self) -> set[str]:
        """The fields that stand open on the page."""
        found: list[str] = self.page.evaluate(
            "() => [...document.getElementById('claim').elements]"
            ".filter((e) => !e.closest('[hidden]')).map((e) => e.name)"
        )
        return set(found)

    def _set(self, keys: Keyboard, name: str, value: str) -> None:
        """Bring one field to ``value``, if it has another."""
        here = keys.fields()
        if name not in here or _same(name, here[name], value):
            return
        keys.unfold(name)
        if self.page.locator(f"select#{name}").count():
            keys.choose(name, value)
        else:
            keys.write(name, value)

    def _name(self, keys: Keyboard) -> None:
        """Say of each new name what it is, its name in Spanish, and whom it speaks of."""
        for name in [each for each in keys.fields() if each.startswith("english-")]:
            key = name.removeprefix("english-")
            label = keys.fields()[name]
            thing = self._thing(label)
            schemes = self.index.iris(thing, str(SKOS.inScheme))
            kind = next(
                each
                for each in (*schemes, *self.index.iris(thing, str(RDF.type)))
                if each in kinds(self.index)
            )
            self._set(keys, f"kind-{key}", kind)
            keys.settle()
            self._set(keys, f"spanish-{key}", self.index.label(thing, "es"))
            about = self.index.labels(self.index.iris(thing, str(CECOT.about)))
            self._set(keys, f"about-{key}", "; ".join(about))
            keys.settle()

    def _thing(self, label: str) -> str:
        found = [
            triple.subject.value
            for triple in self.index.material.graph
            if triple.predicate.value == str(SKOS.prefLabel)
            and getattr(triple.object, "value", "") == label
            and hasattr(triple.subject, "value")
        ]
        assert found, f"nothing by hand is called {label}"
        return str(found[0])


def _same(name: str, here: str, value: str) -> bool:
    """Whether a field says ``value`` already; a list in any order."""
    if name in _NAMED or name.startswith("about-"):
        return {e.strip() for e in here.split(";")} == {e.strip() for e in value.split(";")}
    return here == value
