"""Allowed targets of requests: host names that turn private, loopback, malformed addresses, certificates."""

from __future__ import annotations

import ipaddress
import ssl
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Names, made_certificate, page, said, sent_on, serving

from claimledger.fetching import (
    AddressForbidden, AddressMalformed, CertificateRefused, FetchRefused, FetchLimits, NotAnswered, PlainHttpForbidden,
    TooSlow, fetch,
)  # fmt: skip
from claimledger.fetching.reach import is_public

SMALL = FetchLimits(size=10_000, header_size=4_000, total_seconds=10, connect_seconds=5, attempts=1, pause_seconds=0.01)
SHORT = FetchLimits(total_seconds=10, attempts=3, pause_seconds=0.01)
BRIEF = FetchLimits(size=10_000, total_seconds=0.4, connect_seconds=0.2, attempts=3, pause_seconds=0.01)


def test_host_name_is_resolved_once_per_request() -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    with serving(page(b"x")) as server:
        address = f"http://news.example:{server.port}/"
        assert fetch(address, limits=SMALL, allow=server.allow, resolve=names).content == b"x"
    assert names.asked == ["news.example"]
    assert f"Host: news.example:{server.port}".encode() in server.requests[0]


@pytest.mark.parametrize("first", [sent_on("/next"), page(b"", status="503 Busy")], ids=["redirect", "retry"])
def test_host_name_that_turns_private_is_refused(first: Answer) -> None:
    names = Names(["127.0.0.1"], ["192.168.0.7"])
    with serving(first, page(b"secret")) as server, pytest.raises(AddressForbidden) as refusal:
        fetch(f"http://news.example:{server.port}/", limits=SHORT, allow=server.allow, resolve=names)
    assert refusal.value.ip == "192.168.0.7"
    assert "192.168" not in str(refusal.value)
    assert len(server.requests) == 1


def test_one_private_address_among_several_is_refused() -> None:
    with serving(page(b"x")) as server, pytest.raises(AddressForbidden):
        fetch(
            f"http://news.example:{server.port}/", limits=SMALL, allow=server.allow,
            resolve=Names(["127.0.0.1", "::ffff:10.0.0.1"]),
        )  # fmt: skip
    assert server.requests == []


def test_next_address_is_tried_if_one_does_not_answer() -> None:
    with serving(page(b"x")) as server:
        allow = [("::1", server.port), *server.allow]
        names = Names(["::1", "127.0.0.1"])
        assert fetch(f"http://news.example:{server.port}/", limits=SMALL, allow=allow, resolve=names).content == b"x"


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"])
def test_every_spelling_of_loopback_is_refused(host: str) -> None:
    with serving(page(b"x")) as server, pytest.raises((AddressForbidden, AddressMalformed, NotAnswered)):
        fetch(f"http://{host}:{server.port}/", limits=SMALL)
    assert server.requests == []


def test_unknown_host_name_raises_not_answered() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(NotAnswered, match=r"'news\.example' is not known: no such name"):
        fetch("http://news.example/", limits=SMALL, resolve=unknown)


def test_slow_resolver_raises_too_slow() -> None:
    def hangs(host: str, port: int) -> list[str]:
        time.sleep(1)
        return []

    with pytest.raises(TooSlow):
        fetch("http://news.example/", limits=BRIEF, resolve=hangs)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "does not begin"),
        ("news.example/1", "does not begin"),
        ("ftp://news.example/1", "does not begin"),
        ("https:///1", "does not begin"),
        ("https://user@news.example/", "name or a password"),
        ("https://user:secret@news.example/", "name or a password"),
        ("https://news.example/a b", "a space"),
        ("https://news.example\\@10.0.0.1/", "a backslash"),
        ("https://news.example:99999/", "no port 99999"),
        ("https://news.example:0/", "no port 0"),
        ("https://[news.example/", "not the name of a server"),
        ("https://[::1%25eth0]/", "(cannot be read|not the name of a server)"),
        ("https://%65vil.example/", "not the name of a server"),
        ("https://news.example/" + "a" * 2000, "longer than 2,000"),
    ],
)
def test_malformed_address_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(AddressMalformed, match=sentence) as refusal:
        fetch(address, limits=SMALL)
    assert "secret" not in str(refusal.value)


@pytest.mark.slow
@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://a.example", "http://[", "//"]))
def test_arbitrary_text_as_address_is_refused(text: str, start: str) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchRefused):
        fetch(start + text, limits=FetchLimits(attempts=1), resolve=unknown, trust=ssl.create_default_context())


PUBLIC = ["1.1.1.1", "211.231.99.80", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::1.1.1.1"]
PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "168.63.129.16",  # noqa: S104
    "169.254.169.254", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1", "224.0.0.251",
    "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("ip", PUBLIC + PRIVATE)
def test_public_and_private_addresses_are_distinguished(ip: str) -> None:
    assert is_public(ipaddress.ip_address(ip)) is (ip in PUBLIC)


def test_certificate_is_checked_against_the_host_name(tmp_path: Path) -> None:
    tls, trust = made_certificate("news.example", tmp_path)
    with serving(page(b"x"), tls=tls) as server:
        address = f"https://news.example:{server.port}/"
        names = Names(["127.0.0.1"])
        fetched = fetch(address, limits=SMALL, allow=server.allow, resolve=names, trust=trust)
        assert fetched.content == b"x"
        with pytest.raises(CertificateRefused, match="mismatch"):
            fetch(address.replace("news", "other"), limits=SMALL, allow=server.allow, resolve=names, trust=trust)


def test_self_signed_certificate_is_refused_at_once(tmp_path: Path) -> None:
    tls, _ = made_certificate("news.example", tmp_path)
    names = Names(["127.0.0.1"])
    with serving(page(b"x"), tls=tls) as server, pytest.raises(CertificateRefused, match=r"self.signed"):
        fetch(f"https://news.example:{server.port}/", limits=SHORT, allow=server.allow, resolve=names)
    assert names.asked == ["news.example"]
    assert server.requests == []


def test_redirect_from_https_to_http_is_refused(tmp_path: Path) -> None:
    tls, trust = made_certificate("news.example", tmp_path)
    names = Names(["127.0.0.1"])
    with serving(page(b"x")) as plain, serving(sent_on(plain.address), tls=tls) as server:
        allow = [*server.allow, *plain.allow]
        with pytest.raises(PlainHttpForbidden, match="not encrypted"):
            fetch(f"https://news.example:{server.port}/", limits=SMALL, allow=allow, resolve=names, trust=trust)
    assert plain.requests == []


def test_tls_to_a_plain_http_server_raises_not_answered() -> None:
    with serving(said(b"HTTP/1.1 400 No\r\n\r\n")) as server, pytest.raises(NotAnswered):
        fetch(server.address.replace("http", "https"), limits=SMALL, allow=server.allow)
