"""A question whose query names what the graph does not know says so on its page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cecot.rooms import Rooms, find_rooms
from sites import site_of

MISSPELT = """#+ number: 2
#+ title.en: How tall?
#+ title.es: ¿Cuánto mide?
SELECT ?height { ?plant <http://garden.example/ontology#heigth> ?height }
"""


@pytest.fixture(scope="module")
def asked(garden: Rooms, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A site over the garden with one more question, which misspells a property."""
    folder = tmp_path_factory.mktemp("asked") / "garden"
    shutil.copytree(garden.root, folder)
    Path(folder, "graph", "queries", "misspelt.rq").write_text(MISSPELT, encoding="utf-8")
    return site_of(find_rooms(folder))


def test_a_misspelt_name_is_told_in_the_language_of_the_reader(asked: FlaskClient) -> None:
    name, meant = (f"http://garden.example/ontology#{each}" for each in ("heigth", "height"))
    for language, words in (
        ("en", f"&lt;{name}&gt; stands nowhere in this graph. Did you mean &lt;{meant}&gt;?"),
        ("es", f"&lt;{name}&gt; no aparece en ninguna parte de este grafo. "
        f"¿Quiso decir &lt;{meant}&gt;?"),
    ):  # fmt: skip
        assert words in asked.get(f"/questions/misspelt?lang={language}").text


def test_a_question_that_is_answered_has_no_doubt(asked: FlaskClient) -> None:
    assert 'class="notice hint"' not in asked.get("/questions/how-tall").text
