"""Arguments are read by one table, which also makes their schema."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecot.errors import BadRequest
from cecot.mcp.schemas import LANGUAGE, Parameter, read_arguments, schema_of
from cecot.mcp.tools import TOOLS

TEXT = Parameter("text", "Words.", longest=5)
KIND = Parameter("kind", "A kind.", "", ("", "red", "blue"))
LIMIT = Parameter("limit", "How many.", 10, most=50)
ALL = (TEXT, KIND, LIMIT, LANGUAGE)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def test_what_is_left_out_has_its_default() -> None:
    assert read_arguments(ALL, {"text": " a ", "kind": None}) == {
        "text": "a",
        "kind": "",
        "limit": 10,
        "language": "en",
    }


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "longer"}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a", "words": "b"}, "words"),
        ({"text": "a", "kind": "green"}, "kind"),
        ({"text": "a", "limit": 0}, "limit"),
        ({"text": "a", "limit": True}, "limit"),
        ({"text": "a", "limit": "many"}, "limit"),
        ({"text": "a", "limit": "9" * 4301}, "limit"),
        ({"text": "a", "language": "xx"}, "language"),
    ],
)
def test_a_mistake_names_its_parameter_and_the_cure(given: dict[str, object], where: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_arguments(ALL, given)
    assert caught.value.where == where
    assert caught.value.hint


def test_models_may_write_numbers_as_text_and_ask_for_too_many() -> None:
    assert read_arguments(ALL, {"text": "a", "limit": "7"})["limit"] == 7
    assert read_arguments(ALL, {"text": "a", "limit": 9999})["limit"] == 50
    assert read_arguments(ALL, {"text": "a", "kind": "Red"})["kind"] == "red"


@given(st.dictionaries(st.sampled_from(["text", "kind", "limit", "language", "x"]), anything))
def test_what_the_schema_allows_is_read_and_the_rest_is_no_crash(given: dict[str, object]) -> None:
    valid = jsonschema.Draft202012Validator(schema_of(ALL)).is_valid(given)
    try:
        read_arguments(ALL, given)
    except BadRequest:
        assert not valid or not str(given["text"]).strip()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_schema_is_one(tool: object) -> None:
    schema = schema_of(getattr(tool, "parameters"))  # noqa: B009
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "language" in schema["properties"]  # type: ignore[operator]
