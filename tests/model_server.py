"""A server on loopback that speaks as much of OpenAI's protocol as the library `llm` needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import running


class ModelServer(ThreadingHTTPServer):
    """A model whose answers a function gives, from the system message and the data of a request."""

    daemon_threads = True

    def __init__(self, answer: Callable[[str, str], str]) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Completions)
        self.answer = answer
        self.bodies: list[str] = []

    @property
    def address(self) -> str:
        """Its base address."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Completions(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.bodies.append(body)
        system, user = (one["content"] for one in json.loads(body)["messages"])
        content = self.server.answer(system, user)
        answer = {
            "id": "1", "object": "chat.completion", "created": 1, "model": "small-model-2031",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
            ],
            "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
        }  # fmt: skip
        sent = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def serving_model(answer: Callable[[str, str], str]) -> Iterator[ModelServer]:
    """Serve a model for a while."""
    server = ModelServer(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        running.join(thread)
        server.server_close()
