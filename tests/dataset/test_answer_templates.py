"""The sentences in the head of a question: what they may say, and what is refused and where."""

from __future__ import annotations

import pytest

from cecot.dataset.questions import (
    AnswerError,
    ClauseTemplate,
    Gap,
    TemplatePiece,
    parse_answer,
    parse_question,
)
from cecot.errors import UsageError


def test_a_clause_begins_with_its_status() -> None:
    assert parse_answer("[asserted] It is {value of built}.") == (
        ClauseTemplate(
            "asserted",
            pieces=(
                TemplatePiece("It is "),
                TemplatePiece(Gap("value", named=("built",))),
                TemplatePiece("."),
            ),
        ),
    )


def test_several_clauses_stand_one_after_the_other() -> None:
    kinds = [each.kind for each in parse_answer("[hedged] a [alleged] b [unsaid] c [text] d")]
    assert kinds == ["hedged", "alleged", "unsaid", "text"]


def test_a_head_says_which_rows_and_whether_each_is_told_alone() -> None:
    (clause,) = parse_answer('[planned each claim with date without size maker "two"] x')
    assert clause == ClauseTemplate(
        "planned", ("maker", '"two"'), ("date",), ("size",), "claim", (TemplatePiece("x"),)
    )


def test_what_is_unsaid_names_the_variables_that_no_row_has() -> None:
    assert [each.lacking for each in parse_answer("[unsaid] a [unsaid date place] b")] == [
        (),
        ("date", "place"),
    ]


def test_a_gap_has_a_form() -> None:
    (clause,) = parse_answer('[any] {count row} {lower kind of "x" y}{cite of z}{lower}')
    assert [each.content for each in clause.pieces if isinstance(each.content, Gap)] == [
        Gap("row", "count"),
        Gap("kind", "lower", ('"x"', "y")),
        Gap("row", "cite", ("z",)),
        Gap("lower"),
    ]


def test_key_figures_and_parts_that_may_be_left_out_are_marked() -> None:
    (clause,) = parse_answer("[asserted] *{a} b* and *c*< or {d}>")
    assert [(each.key, each.optional) for each in clause.pieces] == [
        (1, 0),
        (1, 0),
        (0, 0),
        (2, 0),
        (0, 1),
        (0, 1),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It is so.", "begins with its status"),
        ("[aserted] It is so.", "begins with no status"),
        ("[] It is so.", "begins with no status"),
        ("[asserted]", "no words"),
        ("[asserted] {cite of x}", "no words"),
        ("[asserted each] x", "each in"),
        ("[asserted with 1] x", "not the name of a variable"),
        ("[asserted] {}", "not the name of a variable"),
        ("[asserted] {a b}", "{a b} is not"),
        ("[asserted] {a of}", "{a of} is not"),
        ("[asserted] {a", "{ has no partner"),
        ("[asserted] a]", "] has no partner"),
        ("[asserted] a> b", "> has no partner"),
        ("[asserted] <a <b>>", "< has no partner"),
        ("[asserted] <a", "not closed"),
        ("[asserted] *a", "not closed"),
        ("[asserted] *a [alleged] b*", "not closed"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, says: str) -> None:
    with pytest.raises(AnswerError) as refused:
        parse_answer(text)
    assert says in str(refused.value)


def test_a_refusal_names_the_line_of_the_head() -> None:
    text = "#+ number: 1\n#+ title.en: What?\n#+ answer.en: [so]\n#+   it is\nASK {}\n"
    with pytest.raises(UsageError) as refused:
        parse_question(text, "x", where="x.rq")
    assert (refused.value.where, refused.value.line) == ("x.rq", 3)
    assert "answer.en" in refused.value.message
