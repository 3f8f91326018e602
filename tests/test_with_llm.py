"""The connection to a model through the library `llm`: one request, to one address, once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import loopback
import pytest
from packages import needed

from claimledger.desk_vocabulary import ModelReach, SuggestionTask
from claimledger.suggesting import with_llm
from claimledger.suggesting.asking import make_request
from claimledger.suggesting.exchange import AddressRefused, ModelSettings, ModelUnavailable
from claimledger.suggesting.with_llm import LlmSuggester

REQUEST = make_request(SuggestionTask.CLAIMS, "en", {"sentences": {"1": "Only this sentence may be sent."}})
COMPLETION = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "name-of-the-server",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"claims": []}'}}],
    "usage": {"prompt_tokens": 30, "completion_tokens": 4, "total_tokens": 34},
}  # fmt: skip
ANSWER = loopback.page(json.dumps(COMPLETION).encode(), "Content-Type: application/json")


def settings(address: str, reaches: ModelReach = ModelReach.THIS_MACHINE) -> ModelSettings:
    return ModelSettings("small-model", reaches, f"{address}/v1", key="MODEL_SECRET")


@pytest.mark.parametrize(
    ("address", "reaches"),
    [
        ("http://localhost:80", ModelReach.THIS_MACHINE),  # a name may be given any address
        ("http://192.0.2.1:80", ModelReach.THIS_MACHINE),
        ("http://127.0.0.1.example", ModelReach.THIS_MACHINE),
        ("http://127.0.0.1@192.0.2.1", ModelReach.THIS_MACHINE),
        ("http://models.example", ModelReach.OUTSIDE),
        ("https://user:secret@models.example", ModelReach.OUTSIDE),
    ],
)
def test_address_of_another_kind_is_refused_before_anything_is_sent(address: str, reaches: ModelReach) -> None:
    with pytest.raises(AddressRefused):
        LlmSuggester().answer(REQUEST, settings(address, reaches))


@pytest.mark.slow
def test_one_request_goes_to_the_named_server_only(monkeypatch: pytest.MonkeyPatch) -> None:
    needed("llm")
    rest = list[bytes]()

    def answer_after_body(connection: socket.socket) -> None:
        while b"response_format" not in model.requests[0] + b"".join(rest):
            rest.append(connection.recv(65_536))
        ANSWER(connection)

    with loopback.serving(answer_after_body) as model, loopback.serving(ANSWER) as other:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
            monkeypatch.setenv(name, f"{other.address}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "key-of-another-service")
        monkeypatch.setenv("MODEL_SECRET", "key-of-this-model")
        answer = LlmSuggester().answer(REQUEST, settings(model.address))
        assert other.requests == []
        assert len(model.requests) == 1
        sent = model.requests[0] + b"".join(rest)
    assert (answer.text, answer.model, answer.tokens_in, answer.tokens_out) == (
        '{"claims": []}', "name-of-the-server", 30, 4,
    )  # fmt: skip
    assert b'"model":"small-model"' in sent
    assert b"Bearer key-of-this-model" in sent
    assert b"key-of-another-service" not in sent


@pytest.mark.slow
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_redirect_is_an_error_and_nothing_follows_it(status: str) -> None:
    needed("llm")
    with loopback.serving(ANSWER) as other, loopback.serving(loopback.sent_on(other.address, status)) as model:
        with pytest.raises(ModelUnavailable):
            LlmSuggester().answer(REQUEST, settings(model.address))
        assert (len(model.requests), other.requests) == (1, [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        loopback.page(b"{}", status="429 Too Many Requests"),
        loopback.page(b"{}", status="500 Internal Server Error"),
        loopback.page(b"{}", status="400 Bad Request"),
        loopback.page(json.dumps(COMPLETION).encode()[:50], "Content-Type: application/json", "Content-Length: 999"),
        loopback.page(b'{"choices": [', "Content-Type: application/json"),
        loopback.page(b"\x1f\x8b", "Content-Type: application/json", "Content-Encoding: gzip"),
        loopback.repeated(loopback.head("Content-Type: application/json"), b" " * 65_536),
        loopback.reset(loopback.head("Content-Type: application/json")),
    ],
    ids=["429", "500", "400", "cut", "broken", "packed", "huge", "reset"],
)
def test_fault_is_one_request_and_its_error_repeats_no_text(
    answer: loopback.Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("llm")
    monkeypatch.setattr(with_llm, "LONGEST_ANSWER", 1_000_000)
    with loopback.serving(answer) as model:
        with pytest.raises(ModelUnavailable) as refused:
            LlmSuggester().answer(REQUEST, settings(model.address))
        assert len(model.requests) == 1
    assert "sentence" not in str(refused.value)


@pytest.mark.slow
def test_slow_answer_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    needed("llm")
    monkeypatch.setattr(with_llm, "SECONDS", 0.3)
    for answer in (loopback.silence, loopback.repeated(loopback.head(), b" ", pause_seconds=0.05)):
        with loopback.serving(answer) as model:
            with pytest.raises(ModelUnavailable):
                LlmSuggester().answer(REQUEST, settings(model.address))
            assert len(model.requests) == 1


_CALL = """
import os, sys
from claimledger.suggesting.with_llm import LlmSuggester
import test_with_llm
answer = LlmSuggester().answer(test_with_llm.REQUEST, test_with_llm.settings(sys.argv[1]))
print(answer.model, repr(os.environ["LLM_LOAD_PLUGINS"]))
"""


@pytest.mark.slow
def test_installed_plugin_of_the_library_is_not_loaded(tmp_path: Path) -> None:
    needed("llm")
    metadata = tmp_path / "curious-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: curious\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[llm]\ncurious = curious\n")
    (tmp_path / "curious.py").write_text("from pathlib import Path\nPath(__file__).with_name('loaded').touch()\n")
    tests = Path(__file__).parent
    path = os.pathsep.join([str(tmp_path), *map(str, (tests.parent, tests, tests.parent / "scripts"))])
    with loopback.serving(ANSWER) as model:
        command = [sys.executable, "-c", _CALL, model.address]
        environment = {**os.environ, "PYTHONPATH": path, "LLM_LOAD_PLUGINS": "curious"}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == "name-of-the-server ''\n"
    assert not (tmp_path / "loaded").exists()
