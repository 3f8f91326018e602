"""Slow, lying or endless servers are refused; the table of cases is in hostile.py."""

from __future__ import annotations

import tracemalloc
import zlib

import pytest
from hostile import HOSTILE, PACKED
from loopback import page, serving

from claimledger.fetching import FetchRefused, FetchLimits, TooLarge, fetch

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_server_is_refused_with_the_cause(name: str) -> None:
    case = HOSTILE[name]
    with serving(case.answer) as server, pytest.raises(FetchRefused) as refusal:
        fetch(server.address, limits=case.limits, allow=server.allow)
    assert type(refusal.value) is case.refusal
    assert case.sentence in str(refusal.value)


def test_decompression_bomb_needs_limited_memory() -> None:
    packed = zlib.compressobj(wbits=31)
    body = b"".join(packed.compress(b"\0" * 1_000_000) for _ in range(100)) + packed.flush()

    with serving(page(body, *PACKED)) as server:
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge):
                fetch(server.address, limits=FetchLimits(size=1_000_000), allow=server.allow)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()
