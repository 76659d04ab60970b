"""Who says it and how sure: read from the words of a sentence by rules (docs: editing).

Nothing here is a model. What the rules find is proposed, never stronger than the words: where two
readings are possible, the one that makes no fact is taken, and an editor confirms or corrects it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cecot.editing.lexicon import SAYINGS, Expression, Lexicon
from cecot.editing.speakers import Speaker, speaker_after, speaker_before

_QUOTED = re.compile(r"“([^”]+)”?|«([^»]+)»?|\"([^\"]+)\"?")
# So many words in quotation marks are speech; fewer may be a title or a nickname.
_SPEECH = 5
_NEAR = 60
_UNOWNED = ("alleged", "allegation", "accusation", "acusaci", "presunt", "supuest")


@dataclass(frozen=True, slots=True)
class Voice:
    """How a sentence presents what it says.

    ``act`` names the saying (``say``, ``plan`` ...; ``state`` in the text's own voice), ``verb``
    its words. ``speaker`` is None for the text itself. ``quoted`` are words in quotation marks.
    """

    act: str
    status: str
    speaker: Speaker | None = None
    verb: Expression | None = None
    hedge: Expression | None = None
    quoted: tuple[Expression, ...] = ()
    dangling: tuple[Expression, ...] = ()


def status_of(act: str, *, is_own_voice: bool, is_hedged: bool) -> str:
    """The status that an act, a speaker and a hedge make: the local name of a modality."""
    by_act = {"accuse": "Alleged", "plan": "Planned", "praise": "Evaluative", "judge": "Evaluative"}
    if act in by_act:
        return by_act[act]
    if not is_own_voice:
        return "Attributed"
    return "Hedged" if is_hedged or act in ("expect", "question") else "Asserted"


def read_saying(sentence: str, lexicon: Lexicon) -> Voice:
    """What ``sentence`` says in whose voice, and how sure."""
    quoted = tuple(_quotations(sentence))
    open_text = _masked(sentence, quoted)
    found = _governing(open_text, lexicon)
    speaker: Speaker | None = None
    act, verb = "state", None
    if found is not None:
        act, verb = found
        speaker = _speaker(open_text, verb, lexicon)
    elif any(len(each.words.split()) >= _SPEECH for each in quoted):
        act, speaker = "say", Speaker("", is_named=False)
    hedge = next(_hedges(sentence, verb, lexicon, is_own_voice=speaker is None), None)
    if act == "state" and hedge is not None and lexicon.holds("hedge.future", hedge.words):
        act = "expect"
    elif act == "state" and sentence.rstrip(" \u00a0”»\"'").endswith("?"):
        act = "question"
    is_own_voice = speaker is None
    if act in ("accuse", "plan", "praise", "judge") and speaker is None:
        speaker = Speaker("", is_named=False)
    return Voice(
        act=act,
        status=status_of(act, is_own_voice=is_own_voice, is_hedged=hedge is not None),
        speaker=speaker,
        verb=verb,
        hedge=None if act == "expect" and is_own_voice and verb else hedge,
        quoted=quoted,
        dangling=tuple(lexicon.find("dangling.words", open_text)),
    )


def _quotations(sentence: str) -> Iterator[Expression]:
    """The words in quotation marks, without the marks; a quotation need not be closed."""
    for match in _QUOTED.finditer(sentence):
        group = next(number for number in (1, 2, 3) if match.group(number) is not None)
        start, end = match.span(group)
        words = match.group(group)
        end -= len(words) - len(words.rstrip(" ,.;"))
        if start < end:
            yield Expression(start, end, sentence[start:end])


def _masked(sentence: str, quoted: tuple[Expression, ...]) -> str:
    """``sentence`` with what is quoted as spaces, so that every place keeps its number."""
    for each in quoted:
        sentence = sentence[: each.start] + "\0" * (each.end - each.start) + sentence[each.end :]
    return sentence


def _governing(text: str, lexicon: Lexicon) -> tuple[str, Expression] | None:
    """The act and the words that present the sentence: the first verb, or the graver one."""
    according = next(lexicon.find("speaker.according", text), None)
    verbs = sorted(_verbs(text, lexicon), key=lambda each: (each[1].start, -each[1].end))
    if not verbs:
        return ("say", according) if according else None
    act, verb = verbs[0]
    if according and act not in ("accuse", "plan"):
        return ("accuse" if _is_wrong(text, according.end, lexicon) else "say"), according
    rest = text[verb.end :]
    if act in ("say", "judge") and (
        _is_wrong(text, 0, lexicon) or any(each == "accuse" for each, _ in verbs)
    ):
        return "accuse", verb
    if act == "announce":
        return ("plan" if _is_plan(rest, lexicon) else "say"), verb
    if act == "say" and _is_plan(rest, lexicon, needs_pronoun=True):
        return "plan", verb
    return act, verb


def _verbs(text: str, lexicon: Lexicon) -> Iterator[tuple[str, Expression]]:
    """Every reporting verb; one that stands on two lists counts for the first of them."""
    taken: set[int] = set()
    for act in SAYINGS[:-1]:
        for each in lexicon.find(f"saying.{act}", text):
            if each.start not in taken:
                taken.add(each.start)
                yield act, each
    for each in lexicon.find("saying.announce", text):
        is_plain = any(other.start == each.start for other in lexicon.find("saying.say", text))
        if each.start not in taken:
            taken.add(each.start)
            yield ("say" if is_plain else "announce"), each
    for each in lexicon.find("saying.say", text):
        if each.start not in taken:
            yield "say", each


def _is_wrong(text: str, start: int, lexicon: Lexicon) -> bool:
    return next(lexicon.find("wrong.words", text, start), None) is not None


def _is_plan(rest: str, lexicon: Lexicon, *, needs_pronoun: bool = False) -> bool:
    """Whether what follows a verb is something to come: "that he would build"."""
    future = next(lexicon.find("hedge.future", rest), None)
    if future is None or future.start > _NEAR:
        return False
    if not needs_pronoun:
        return True
    before = re.findall(r"\w+", rest[: future.start].casefold())
    subject = [word for word in before if word not in ("that", "que", "it", "then")]
    return len(subject) <= 1 and all(lexicon.holds("speaker.pronouns", each) for each in subject)


def _speaker(text: str, verb: Expression, lexicon: Lexicon) -> Speaker | None:
    """Who says what ``verb`` presents; nobody named where the text names none."""
    if lexicon.holds("speaker.according", " ".join(verb.words.split())):
        return speaker_after(text, verb.end, lexicon)
    before = text[: verb.start].rstrip()
    last = re.findall(r"\w+", before[-40:].casefold())
    while last and last[-1] in lexicon.words("speaker.fillers"):
        last.pop()  # "it is also alleged"
    is_passive = bool(last) and last[-1] in lexicon.words("speaker.passive")
    is_noun = _is_noun(verb.words, before, lexicon)
    if is_passive or is_noun:
        by = next(lexicon.find("speaker.by", text, verb.end), None)
        if by is None:
            return Speaker("", is_named=False)
        return speaker_after(text, by.end, lexicon)
    is_after = not before or before[-1] in '"”»,:\u2014\0' or before.endswith(("”,", "»,", '",'))
    if is_after and ("\0" in before or not before):
        return speaker_after(text, verb.end, lexicon)
    return speaker_before(text, verb.start, lexicon) or speaker_after(text, verb.end, lexicon)


def _is_noun(words: str, before: str, lexicon: Lexicon) -> bool:
    """Whether the words are no verb with a speaker before it: "alleged abuses", "accusations"."""
    folded = words.casefold()
    if not folded.startswith((*_UNOWNED, "is ", "are ", "was ", "were ", "it ", "se ")):
        return False
    follows = set(re.findall(r"\w+", before.casefold())[-1:])
    apart = {*lexicon.words("speaker.determiners"), *lexicon.words("speaker.prepositions")}
    is_verb = folded == "alleged" and bool(follows) and not follows & apart
    return not is_verb


def _hedges(
    sentence: str, verb: Expression | None, lexicon: Lexicon, *, is_own_voice: bool
) -> Iterator[Expression]:
    """The hedging words outside of the verb; what is to come counts in the text's own voice."""
    names = ("hedge.words", "hedge.future") if is_own_voice else ("hedge.words",)
    for name in names:
        for each in lexicon.find(name, sentence):
            inside = verb is not None and verb.start <= each.start < verb.end
            # "May 2019" is a month.
            is_month = each.words == "May" and re.match(r"\s+\d", sentence[each.end :])
            if not inside and not is_month:
                yield each
