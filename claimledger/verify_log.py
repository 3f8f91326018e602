#!/usr/bin/env python3
"""Verify a log of claimledger, with Python 3.11 and nothing else.

    python verify_log.py LOG [--checkpoint NOTE ...] [--key KEY ...] [--policy FILE] [--remember FILE] [--ledger FILE]
    python verify_log.py --proof FILE.tlog-proof --body FILE --key KEY
    python verify_log.py --proof consistency.proof --since NOTE --key KEY

LOG is the folder `claims/log` or its address (http or https). The first form reads the whole log. The others need no
log: the second verifies one body, the third that the log of an older NOTE is the beginning of a newer one. A KEY is a
line `name+id+key` or a file of such lines; get it from elsewhere than the log. Without one, the log's own first key is
used, with a warning. A NOTE is a signed checkpoint that you kept. --remember keeps the newest proved one in FILE and
compares the log with it the next time. --policy demands the signatures of a file in the form of C2SP tlog-policy.
--ledger compares a freshly built ledger.db with the log's release note.

Exit codes: 0 everything is under a checkpoint that matches; 1 a contradiction; 2 wrong usage; 3 no contradiction, but
something is under no checkpoint; 4 the log has a newer format than this verifier; 5 something could not be read.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # a file beside this one must not be imported in place of one of Python's

import argparse
import base64
import binascii
import hashlib
import http.client
import json
import re
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

FORMAT = 1
BODIES_PER_FILE, LONGEST_BODY, LONGEST_NOTE, MOST_SIGNATURES = 256, 65_535, 1_000_000, 100
INTEGERS_BELOW = 2**53
PROVED, CONTRADICTED, WRONG_USAGE, NOT_COVERED, NEWER, UNREAD = range(6)


class Contradiction(Exception):
    """Something in the log, a note or a proof is not as it has to be."""


class NewerFormat(Exception):
    """The log has a format that this verifier does not know."""


def require(holds: object, sentence: str) -> None:
    """Stop with a sentence unless something holds."""
    if not holds:
        raise Contradiction(sentence)


# Hashes: RFC 6962


def sha256(content: bytes) -> bytes:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(content).digest()


def join_hashes(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(b"\x01" + left + right)


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the tree hash of the leaf hashes of a log."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [join_hashes(*pair) for pair in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else sha256(b"")


def root_of_inclusion(leaf: bytes, place: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the tree hash to which the proof of an entry leads (RFC 9162, section 2.1.3.2)."""
    require(0 <= place < size, "the log has no such entry")
    last = size - 1
    for other in proof:
        require(last, "the proof is too long")
        if place & 1 or place == last:
            leaf = join_hashes(other, leaf)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = join_hashes(leaf, other)
        place, last = place >> 1, last >> 1
    require(not last, "the proof is too short")
    return leaf


# Ed25519: RFC 8032, section 5.1.7. It only verifies, so it need not hide anything.

Point = tuple[int, int, int, int]
"""A point of the curve in extended coordinates: X, Y, Z and T."""
PRIME, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)


def add_points(p: Point, q: Point) -> Point:
    """Return the sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def multiply_point(number: int, p: Point) -> Point:
    """Return a point times a number."""
    found: Point = (0, 1, 1, 0)
    while number:
        found = add_points(found, p) if number & 1 else found
        p, number = add_points(p, p), number >> 1
    return found


def decode_point(raw: bytes) -> Point | None:
    """Return the point that 32 bytes stand for; None if they stand for none."""
    sign, y = raw[31] >> 7, int.from_bytes(raw, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    x = x if x * x % PRIME == square else x * ROOT_OF_MINUS_ONE % PRIME
    if y >= PRIME or x * x % PRIME != square or (sign and not x):
        return None
    x = x if x & 1 == sign else PRIME - x
    return x, y, 1, x * y % PRIME


BASE = decode_point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether an Ed25519 key signed a message."""
    if len(public) != 32 or len(signature) != 64:  # noqa: PLR2004  the bytes of a key and of a signature
        return False
    key, commitment = decode_point(public), decode_point(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or answer >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = multiply_point(answer, BASE), add_points(commitment, multiply_point(challenge, key))
    return not ((left[0] * right[2] - right[0] * left[2]) % PRIME or (left[1] * right[2] - right[1] * left[2]) % PRIME)


# Signed notes, keys and checkpoints: C2SP signed-note and tlog-checkpoint


class Key(NamedTuple):
    """A public key with its name; a key of a witness has another kind and signs the time too."""

    name: str
    public: bytes
    kind: int = 1

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names the key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]

    def __str__(self) -> str:
        """Return the key on one line."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def has_signed(self, raw: bytes, text: str) -> bool:
        """Return whether the bytes after the ID in a signature line are this key's for a text."""
        if self.kind == WITNESS:
            head = f"cosignature/v1\ntime {int.from_bytes(raw[:8], 'big')}\n"
            return is_signed(self.public, raw[8:], (head + text).encode())
        return is_signed(self.public, raw, text.encode())


WITNESS = 4
"""The kind of a witness's key: C2SP tlog-cosignature."""


def decode_base64(text: str) -> bytes:
    """Return the bytes of a text in base64, of which there is only one form."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    require(base64.b64encode(raw).decode() == text, f"{text!r} is not base64")
    return raw


def parse_key(line: str) -> Key:
    """Return the key of a line `name+id+key`."""
    name, _, rest = line.partition("+")
    given, _, coded = rest.partition("+")
    raw = decode_base64(coded)
    key = Key(name, raw[1:], raw[0] if raw else 0)
    require(
        re.fullmatch(r"[^\s+]+", name) and key.kind in (1, WITNESS) and len(raw) == 33,  # noqa: PLR2004
        f"{line!r} is not an Ed25519 key",
    )
    require(given == key.id.hex(), f"the ID in {line!r} is not that of the key")
    return key


def open_note(note: str, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> tuple[str, set[Key]]:
    """Return the text of a note, and which of some keys and witnesses signed it; at least one of the keys did."""
    of_log = [key for key in keys if key.kind != WITNESS]
    text, blank, rest = note.rpartition("\n\n")
    text += "\n"
    lines = [re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line) for line in rest.split("\n")[:-1]]
    is_note = blank and rest.endswith("\n") and 0 < len(lines) <= MOST_SIGNATURES and len(note) <= LONGEST_NOTE
    require(is_note and not re.search(r"[\x00-\x09\x0b-\x1f]", text), "this is not a signed note")
    signers = set()
    for line in lines:
        if line is None:
            raise Contradiction("this is not a signed note")
        raw = decode_base64(line[2])
        for key in (*of_log, *witnesses):
            if (key.name, key.id) == (line[1], raw[:4]):
                require(key.has_signed(raw[4:], text), f"the signature of {line[1]} is wrong")
                signers.add(key)
    require(signers & {*of_log}, "no key that may sign for this log signed the note")
    return text, signers


def names_signer(note: str, keys: Sequence[Key]) -> bool:
    """Return whether a note has a signature line of one of some keys, right or wrong."""
    lines = [line.split(" ") for line in note.rpartition("\n\n")[2].split("\n") if line.count(" ") == 2]  # noqa: PLR2004
    return any(
        line[1] == key.name and line[2].startswith(base64.b64encode(key.id[:3]).decode())
        for line in lines
        for key in keys
    )


NUMBER = r"0|[1-9][0-9]{0,17}"


class Checkpoint(NamedTuple):
    """The state of a log that a key vouches for."""

    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that the text of a note contains."""
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n", text)
    if not found:
        raise Contradiction("the note is not a checkpoint")
    root = decode_base64(found[3])
    require(len(root) == 32, "the note is not a checkpoint")  # noqa: PLR2004  a SHA-256
    return Checkpoint(found[1], int(found[2]), root)


class KeyPeriod(NamedTuple):
    """A key, and the sizes of the log for which it may sign."""

    key: Key
    first: int
    last: int


def key_periods(notes: Sequence[str], given: Sequence[Key]) -> list[KeyPeriod]:
    """Return for which sizes each key may sign, from the log's lists of keys and the keys that the reader trusts.

    The lists count from the first that a key of the reader signed; every later one has to be signed by a key of the
    list before it. A key that a list leaves out may sign up to the size that the list names.
    """
    periods, trusted = [], list(given)
    lists: list[KeyList] = []
    for number, note in enumerate(notes, start=1):
        if not lists and number < len(notes) and not names_signer(note, trusted):
            continue
        text, _ = open_note(note, trusted)
        one = _parse_key_list(text)
        require(one.number == number, f"the list of keys {number} calls itself {one.number}")
        require(not lists or one.size >= lists[-1].size, f"the list of keys {number} is for a shorter log")
        lists.append(one)
        trusted = [*one.log_keys, *one.recovery_keys]
    for place, one in enumerate(lists):
        last = lists[place + 1].size if place + 1 < len(lists) else INTEGERS_BELOW
        periods += [KeyPeriod(key, one.size if place else 0, last) for key in one.log_keys]
    return periods or [KeyPeriod(key, 0, INTEGERS_BELOW) for key in given]


class KeyList(NamedTuple):
    """A list of the keys that may sign for a log, from a size of the log on."""

    origin: str
    number: int
    size: int
    log_keys: Sequence[Key]
    recovery_keys: Sequence[Key]


def _parse_key_list(text: str) -> KeyList:
    head, origin, number, size, *lines = [*text.removesuffix("\n").split("\n"), "", "", ""]
    lines = lines[:-3]
    is_list = re.fullmatch(NUMBER, number) and re.fullmatch(NUMBER, size) and all(" " in line for line in lines)
    require(head == "claimledger-keys/v1" and is_list, "this is not a list of keys")
    keys: dict[str, list[Key]] = {"log": [], "recovery": []}
    for kind, line in (line.split(" ", 1) for line in lines):
        require(kind in keys, f"the list of keys has an unknown line: {kind}")
        keys[kind].append(parse_key(line))
        require(keys[kind][-1].kind != WITNESS, "the list of keys has a witness")
    return KeyList(origin, int(number), int(size), keys["log"], keys["recovery"])


# Policies: C2SP tlog-policy


class Policy(NamedTuple):
    """The signatures that a reader demands: keys of the log, witnesses and groups by name, and the one that must sign."""

    log_keys: Sequence[Key]
    members: dict[str, Key | tuple[int, Sequence[str]]]
    quorum: str

    @property
    def witnesses(self) -> list[Key]:
        """The keys of all witnesses."""
        return [member for member in self.members.values() if isinstance(member, Key)]

    def is_met(self, signers: set[Key], name: str | None = None) -> bool:
        """Return whether the signers of a checkpoint are enough."""
        name = self.quorum if name is None else name
        if name == "none":
            return True
        member = self.members[name]
        if isinstance(member, Key):
            return member in signers
        return sum(self.is_met(signers, one) for one in member[1]) >= member[0]


def parse_policy(text: str) -> Policy:
    """Return the policy of a file."""
    log_keys: list[Key] = []
    members: dict[str, Key | tuple[int, Sequence[str]]] = {}
    quorum = ""
    for line in text.split("\n"):
        match line.split():
            case []:
                pass
            case [word, *_] if word.startswith("#"):
                pass
            case ["log", key] | ["log", key, _]:
                log_keys.append(parse_key(key))
            case ["witness", name, key] | ["witness", name, key, _] if name not in members and name != "none":
                members[name] = parse_key(key)
                require(parse_key(key).kind == WITNESS, f"{name} has not the key of a witness")
            case ["group", name, count, *names] if name not in members and name != "none" and {*names} <= {*members}:
                least = {"any": "1", "all": str(len(names))}.get(count, count)
                require(re.fullmatch(NUMBER, least) and 0 < int(least) <= len({*names}), f"{line!r} cannot be met")
                members[name] = (int(least), list(dict.fromkeys(names)))
            case ["quorum", name] if not quorum and (name == "none" or name in members):
                quorum = name
            case _:
                raise Contradiction(f"the policy has a line that cannot be read: {line!r}")
    require(quorum, "the policy has no line quorum")
    return Policy(log_keys, members, quorum)


# Bodies: docs/log.md


def parse_body(body: bytes) -> dict[str, Any]:
    """Return what a body says, if it is in the canonical form and fits the schema."""
    require(0 < len(body) <= LONGEST_BODY, f"it has {len(body)} bytes")
    try:
        said = json.loads(body.decode(), parse_float=_refuse_number, parse_constant=_refuse_number)
        canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise Contradiction(f"it is not JSON: {error}") from None
    require(isinstance(said, dict) and body == canonical, "it is not in the canonical form")
    if type(said.get("format")) is int and said["format"] > FORMAT:
        raise NewerFormat(f"format {said['format']} is newer than this verifier, which knows format {FORMAT}")
    fault = schema_fault(said, body_schema(said.get("subject")), "")
    require(not fault, fault)
    return dict(said)


def body_schema(subject: object) -> dict[str, Any]:
    """Return the schema of a body whose record is of the kind that the body names."""
    name = "".join(word.capitalize() for word in str(subject).split("_"))
    if subject not in SCHEMA["$defs"]["Subject"]["enum"]:
        return SCHEMA
    return {**SCHEMA, "properties": {**SCHEMA["properties"], "record": {"$ref": f"#/$defs/{name}"}}}


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not an integer")


TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
AS_PRINTED = "as printed"
"""The comment in the schema on passages, which are in any Unicode form."""


def schema_fault(value: Any, schema: dict[str, Any], where: str) -> str:  # noqa: ANN401  JSON
    """Return what in a value does not fit a part of the schema; empty if all fits."""
    if "$ref" in schema:
        return schema_fault(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], where)
    for name in ("anyOf", "oneOf"):
        if name in schema:
            faults = [schema_fault(value, part, where) for part in schema[name]]
            return "" if value is not None and "" in faults else next(filter(None, faults), f"{where}: null")
    if value is None or type(value) is not TYPES.get(schema.get("type", ""), type(value)):
        return f"{where or 'the body'}: not {schema.get('type')}"
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        return f"{where}: {value!r} is not allowed"
    return _content_fault(value, schema, where)


def _content_fault(value: object, schema: dict[str, Any], where: str) -> str:
    match value:
        case dict():
            return _object_fault(value, schema, where)
        case list():
            return _array_fault(value, schema, where)
        case str():
            return _text_fault(value, schema, where)
        case int() if not isinstance(value, bool):
            return _integer_fault(value, schema, where)
    return ""


def _object_fault(value: dict[str, Any], schema: dict[str, Any], where: str) -> str:
    missing = set(schema.get("required", ())) - value.keys()
    if missing or len(value) < schema.get("minProperties", 0):
        return f"{where or 'the body'}: {', '.join(sorted(missing)) or 'a member'} is missing"
    for name, part in value.items():
        place = f"{where}.{name}" if where else name
        known = schema.get("properties", {}).get(name)
        others = [rule for pattern, rule in schema.get("patternProperties", {}).items() if _matches(pattern, name)]
        if not name.isascii() or (known is None and not others):
            return f"{place}: an unknown member"
        if fault := schema_fault(part, known or others[0], place):
            return fault
    return ""


def _array_fault(value: list[Any], schema: dict[str, Any], where: str) -> str:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", LONGEST_BODY):
        return f"{where}: {len(value)} parts"
    faults = (schema_fault(part, schema.get("items", {}), f"{where}[{place}]") for place, part in enumerate(value))
    return next(filter(None, faults), "")


def _text_fault(value: str, schema: dict[str, Any], where: str) -> str:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", LONGEST_BODY):
        return f"{where}: {len(value)} characters"
    if "pattern" in schema and not _matches(schema["pattern"], value):
        return f"{where}: {value!r} has another form"
    if schema.get("$comment") != AS_PRINTED and not unicodedata.is_normalized("NFC", value):
        return f"{where}: not in the Unicode form NFC"
    return ""


def _integer_fault(value: int, schema: dict[str, Any], where: str) -> str:
    fits = schema.get("minimum", -INTEGERS_BELOW) <= value <= schema.get("maximum", INTEGERS_BELOW)
    return "" if fits and abs(value) < INTEGERS_BELOW else f"{where}: {value} is out of range"


def _matches(pattern: str, text: str) -> bool:
    r"""Return whether a text has the form of a pattern; `$` would also match before a line feed at the end."""
    return bool(re.search(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern, text))


# The log


def read_file(place: str, name: str, most: int) -> bytes | None:
    """Return the content of a file of the log's folder or address, at most so many bytes; None if there is none."""
    if not re.match(r"https?://", place):
        file = Path(place, name)
        return file.read_bytes() if file.is_file() else None
    try:
        with urllib.request.urlopen(f"{place.rstrip('/')}/{name}", timeout=30) as answer:  # noqa: S310  checked above
            content: bytes = answer.read(most + 1)
    except urllib.error.HTTPError as error:
        require(error.code == 404, f"{name}: {error}")  # noqa: PLR2004  not found
        return None
    require(len(content) <= most, f"{name}: the file is too long")
    return content


def read_numbered(place: str, name: str, most: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of numbered files, up to the first that is missing."""
    number = first
    while (content := read_file(place, path := name.format(number), most)) is not None:
        yield path, content
        number += 1


def read_leaves(place: str) -> Iterator[bytes]:
    """Yield the leaf hash of every body; stop at the first that breaks a rule."""
    if not re.match(r"https?://", place):
        if not Path(place).is_dir():
            raise FileNotFoundError(f"there is no folder {place}")
        if not Path(place, "000000.jsonl").is_file() and not [*Path(place).glob("*.jsonl")]:
            raise FileNotFoundError(f"there is no log in {place}")
        for number, file in enumerate(sorted(Path(place).glob("*.jsonl"))):
            require(file.name == f"{number:06d}.jsonl", f"{file.name}: the file before it is missing, or it is foreign")
    heads: dict[tuple[str, str], tuple[int, str | None]] = {}
    last_at, number, is_last = "", 0, False
    for name, content in read_numbered(place, "{:06d}.jsonl", BODIES_PER_FILE * (LONGEST_BODY + 1)):
        *bodies, rest = content.split(b"\n")
        require(
            not is_last and not rest and 0 < len(bodies) <= BODIES_PER_FILE, f"{name}: cut, too long or not the last"
        )
        is_last = len(bodies) < BODIES_PER_FILE
        for line, body in enumerate(bodies, start=1):
            number += 1
            try:
                said = parse_body(body)
                record = said["subject"], said["key"]
                version, previous = heads.get(record, (0, None))
                require(said["number"] == number, "entries were cut, swapped or inserted")
                require((said["revision"], said.get("prev")) == (version + 1, previous), "the chain is broken")
                require(said["recorded_at"] >= last_at, "its time is before that of the entry before it")
                require(said["approver"] not in said["authors"], "an author approved it")
            except Contradiction as error:
                raise Contradiction(f"{name}:{line}: {error}") from None
            leaf = sha256(b"\x00" + body)
            heads[record], last_at = (version + 1, leaf.hex()), said["recorded_at"]
            yield leaf


# The two ways to verify


class Demands(NamedTuple):
    """The notes, keys and files that a reader compares a log with."""

    notes: Sequence[str] = ()
    keys: Sequence[Key] = ()
    policy: Policy | None = None
    remembered: str = ""
    ledger: str = ""


def verify_log(place: str, demands: Demands) -> int:
    """Verify a whole log against checkpoints; print the result and return the exit code."""
    leaves = list(read_leaves(place))
    given: Sequence[Key] = [*demands.keys, *(demands.policy.log_keys if demands.policy else ())]
    print(f"{len(leaves)} entries, tree hash {tree_hash(leaves).hex()}. Form, chain and order are as they have to be.")
    lists = [content.decode() for _, content in read_numbered(place, "keys/{:06d}.note", LONGEST_NOTE, first=1)]
    if lists and not given:
        given = _parse_key_list(lists[0].rpartition("\n\n")[0]).log_keys
        print(f"NOT PROVED: that this key is the newsroom's; it comes from the same place as the log: {given[0]}")
    periods = key_periods(lists, given)
    newest = read_file(place, "checkpoint", LONGEST_NOTE)
    kept = [*demands.notes, *([demands.remembered] if Path(demands.remembered).is_file() else [])]
    covered = 0
    for name, note in [*((name, Path(name).read_text("utf-8")) for name in kept), *_own_note(newest)]:
        size = _verify_checkpoint(name, note, leaves, periods, demands.policy)
        if size > covered and demands.remembered:
            Path(demands.remembered).write_text(note, "utf-8")
        covered = max(covered, size)
    _verify_release(place, leaves, periods, demands.ledger)
    if covered < len(leaves):
        print(f"NOT PROVED: {len(leaves) - covered} of {len(leaves)} entries are under no checkpoint.")
    print(LIMITS)
    return PROVED if covered == len(leaves) and leaves else NOT_COVERED


def _own_note(content: bytes | None) -> list[tuple[str, str]]:
    return [("the log's own checkpoint", content.decode())] if content else []


def _verify_checkpoint(
    name: str, note: str, leaves: Sequence[bytes], periods: Sequence[KeyPeriod], policy: Policy | None
) -> int:
    """Compare the log with a checkpoint; return how many entries it covers."""
    try:
        size = parse_checkpoint(note.rpartition("\n\n")[0] + "\n").size
        text, signers = open_note(note, _keys_at(size, periods), policy.witnesses if policy else ())
        _compare(parse_checkpoint(text), leaves)
    except Contradiction as error:
        raise Contradiction(f"{name}: {error}") from None
    if policy and not policy.is_met(signers):
        print(f"NOT PROVED: {name} fits the log, but lacks signatures that the policy demands.")
        return 0
    print(f"PROVED: the first {size} entries are those that {', '.join(sorted(map(str, signers)))} signed ({name}).")
    return size


def _keys_at(size: int, periods: Sequence[KeyPeriod]) -> list[Key]:
    return [one.key for one in periods if one.first <= size <= one.last]


def _compare(checkpoint: Checkpoint, leaves: Sequence[bytes]) -> None:
    size = checkpoint.size
    require(size <= len(leaves), f"{size} entries were signed, but only {len(leaves)} are here: the end was cut off")
    same = tree_hash(leaves[:size]) == checkpoint.root
    require(same, f"the first {size} entries are not those that were signed")


def _verify_release(place: str, leaves: Sequence[bytes], periods: Sequence[KeyPeriod], ledger: str) -> None:
    """Compare the log, and a file ledger.db if there is one to compare, with the log's release note."""
    content = read_file(place, "release", LONGEST_NOTE)
    require(content or not ledger, "the log has no release note, so that ledger.db cannot be compared")
    if not content:
        return
    lines = content.decode().split("\n")
    size = int(lines[2]) if len(lines) > 2 and re.fullmatch(NUMBER, lines[2]) else -1  # noqa: PLR2004
    text, _ = open_note(content.decode(), _keys_at(size, periods))
    found = re.fullmatch(
        r"claimledger-release/v1\n([^\n]+\n[0-9]+\n[^\n]+\n)([0-9a-f]{64})\n([0-9a-f]{64})\n([^\n]+)\n", text
    )
    if not found:
        raise Contradiction("the release note has another form")
    _compare(parse_checkpoint(found[1]), leaves)
    print(f"PROVED: the release note is for the first {size} entries; its ledger.db was made with SQLite {found[4]}.")
    if ledger:
        require(sha256(Path(ledger).read_bytes()).hex() == found[3], f"{ledger} is not the file of the release note")
        print(f"PROVED: {ledger} is the file of the release note.")


def verify_growth(proof_file: str, since: str, keys: Sequence[Key]) -> int:
    """Verify that the log of an older note is the beginning of a newer one; print the result, return the exit code."""
    head, _, note = Path(proof_file).read_text("utf-8").partition("\n\n")
    first, *lines = head.split("\n")
    old, new = (parse_checkpoint(open_note(one, keys)[0]) for one in (Path(since).read_text("utf-8"), note))
    require(first == f"old {old.size}" and old.origin == new.origin, "the proof is for another checkpoint")
    check_growth(old, new, [decode_base64(line) for line in lines])
    print(f"PROVED: the {old.size} entries of {since} are the first of the {new.size} that were signed later.")
    return PROVED


def check_growth(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Check that the log of a checkpoint is the beginning of that of another (RFC 9162, section 2.1.4.2)."""
    require(0 < old.size <= new.size, "the newer checkpoint is for a shorter log")
    hashes = [old.root, *proof] if old.size & (old.size - 1) == 0 else [*proof]
    if old.size == new.size:
        require(not proof and old.root == new.root, "two checkpoints of one size differ")
        return
    require(hashes, "the proof is too short")
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for other in hashes[1:]:
        require(last, "the proof is too long")
        if place & 1 or place == last:
            before, after = join_hashes(other, before), join_hashes(other, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = join_hashes(after, other)
        place, last = place >> 1, last >> 1
    require(not last and (before, after) == (old.root, new.root), "the older log is not the beginning of the newer one")


def verify_proof(proof_file: str, body_file: str, keys: Sequence[Key]) -> int:
    """Verify that a body is in the log of a checkpoint; print the result and return the exit code."""
    head, _, note = Path(proof_file).read_text("utf-8").partition("\n\n")
    first, *lines = head.split("\n")
    lines = lines[1:] if lines and lines[0].startswith("extra ") else lines
    require(
        first == "c2sp.org/tlog-proof@v1" and lines and re.fullmatch(f"index ({NUMBER})", lines[0]),
        "this is not a proof",
    )
    text, signers = open_note(note, keys)
    checkpoint = parse_checkpoint(text)
    leaf, place = sha256(b"\x00" + Path(body_file).read_bytes().removesuffix(b"\n")), int(lines[0][6:])
    root = root_of_inclusion(leaf, place, checkpoint.size, [decode_base64(line) for line in lines[1:]])
    require(root == checkpoint.root, "the body is not in the log that was signed")
    print(f"PROVED: this is entry {place + 1} of the {checkpoint.size} that {', '.join(map(str, signers))} signed.")
    return PROVED


LIMITS = (
    "NOT PROVABLE HERE: that everybody is shown the same log; that nothing was left out before it was published; that "
    "names and times are right; that a key was not stolen, or was replaced without a list of keys here; that what the "
    "log says is true."
)


def main(arguments: Sequence[str], program: str | None = None) -> int:
    """Verify a log or a proof, as the arguments say; return the exit code. `program` is the name to print in the help."""
    said = (__doc__ or "").replace("python verify_log.py", program or "python verify_log.py")
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog=program, description=said, formatter_class=form)
    parser.add_argument("log", nargs="?")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="NOTE")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--proof")
    for name in ("body", "since", "policy", "remember", "ledger"):
        parser.add_argument(f"--{name}", default="", metavar="NOTE" if name == "since" else "FILE")
    options = parser.parse_args(arguments)
    if not (options.log or (options.proof and (options.body or options.since) and options.key)):
        parser.error("give LOG, or --proof, --key, and --body or --since")
    try:
        given = [parse_key(line) for key in options.key for line in _key_lines(key)]
        policy = parse_policy(Path(options.policy).read_text("utf-8")) if options.policy else None
    except (Contradiction, OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    try:
        if options.log:
            return verify_log(options.log, Demands(options.checkpoint, given, policy, options.remember, options.ledger))
        if options.since:
            return verify_growth(options.proof, options.since, given)
        return verify_proof(options.proof, options.body, given)
    except NewerFormat as error:
        print(f"NOT VERIFIED: {error}. Get the newer verifier.")
        return NEWER
    except (OSError, http.client.HTTPException) as error:
        print(f"NOT VERIFIED: {error}. Nothing was compared.")
        return UNREAD
    except (Contradiction, UnicodeDecodeError) as error:
        print(f"CONTRADICTION: {error}")
        return CONTRADICTED


def _key_lines(key: str) -> list[str]:
    return Path(key).read_text("utf-8").split("\n")[:-1] if Path(key).is_file() else [key]


# The schema of a body, docs/schema/log-body.schema.json without its descriptions; scripts/docs writes this line.
SCHEMA: dict[str, Any] = json.loads(
    r"""{"$defs":{"Alias":{"additionalProperties":false,"properties":{"alias_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"kind":{"$ref":"#/$defs/AliasKind"},"names":{"items":{"$ref":"#/$defs/AliasName"},"maxItems":50,"minItems":2,"type":"array"},"note":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]}},"required":["alias_id","kind","names"],"type":"object"},"AliasKind":{"enum":["person","organization","product","place","work","event","topic"],"type":"string"},"AliasName":{"additionalProperties":false,"properties":{"text":{"maxLength":200,"minLength":1,"type":"string"},"language":{"anyOf":[{"pattern":"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$","type":"string"},{"type":"null"}]}},"required":["text"],"type":"object"},"Appearance":{"additionalProperties":false,"properties":{"article_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"edition_sha256":{"pattern":"^[0-9a-f]{64}$","type":"string"},"place":{"minimum":1,"type":"integer"},"position":{"$ref":"#/$defs/Span"},"quote":{"$ref":"#/$defs/QuoteSelector"},"claim_id":{"maxLength":45,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z2-7]{4}$","type":"string"}},"required":["article_id","edition_sha256","position","quote","claim_id"],"type":"object"},"Article":{"additionalProperties":false,"properties":{"article_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"headline":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"publisher":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"issue":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"published_on":{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},"language":{"pattern":"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$","type":"string"},"section":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"authors":{"items":{"$ref":"#/$defs/CreditedPerson"},"type":"array"},"translators":{"items":{"$ref":"#/$defs/CreditedPerson"},"type":"array"},"original":{"anyOf":[{"$ref":"#/$defs/Publication"},{"type":"null"}]},"address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]},"rights":{"$ref":"#/$defs/ArticleRights"},"editions":{"items":{"$ref":"#/$defs/Edition"},"type":"array"}},"required":["article_id","headline","publisher","published_on","language","rights"],"type":"object"},"ArticleRights":{"additionalProperties":false,"properties":{"holder":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"statement":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"may_hold_text":{"type":"boolean"},"may_publish_text":{"type":"boolean"}},"required":["holder","statement"],"type":"object"},"Attribution":{"additionalProperties":false,"properties":{"mode":{"$ref":"#/$defs/AttributionMode"},"cue":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"speaker_basis":{"anyOf":[{"$ref":"#/$defs/SpeakerBasis"},{"type":"null"}]}},"required":["mode"],"type":"object"},"AttributionMode":{"enum":["direct_quote","indirect_quote","document","narration"],"type":"string"},"CaptureExtent":{"enum":["full","excerpt","none"],"type":"string"},"Claim":{"additionalProperties":false,"properties":{"claim_id":{"maxLength":45,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z2-7]{4}$","type":"string"},"article_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"statement":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"speaker":{"anyOf":[{"$ref":"#/$defs/Speaker"},{"type":"null"}]},"attribution":{"$ref":"#/$defs/Attribution"},"source":{"$ref":"#/$defs/Source"},"quantities":{"items":{"$ref":"#/$defs/Quantity"},"type":"array"},"topics":{"items":{"maxLength":40,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"minItems":1,"type":"array"},"said_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"about_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"evidence":{"items":{"$ref":"#/$defs/Evidence"},"type":"array"},"verdicts":{"items":{"$ref":"#/$defs/Verdict"},"maxItems":2,"type":"array"},"note":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"waivers":{"items":{"$ref":"#/$defs/Waiver"},"type":"array"},"relations":{"items":{"$ref":"#/$defs/RelatedClaim"},"type":"array"},"machine_wording":{"items":{"$ref":"#/$defs/MachineWording"},"maxItems":10,"type":"array"}},"required":["claim_id","article_id","statement","attribution","source","topics"],"type":"object"},"Comparator":{"enum":["about","at_least","more_than","at_most","less_than","nearly"],"type":"string"},"Correction":{"additionalProperties":false,"properties":{"kind":{"$ref":"#/$defs/CorrectionKind"},"public_note":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"}},"required":["kind","public_note"],"type":"object"},"CorrectionKind":{"enum":["verdict_changed","verdict_unchanged","clarification","retraction"],"type":"string"},"CreditedPerson":{"additionalProperties":false,"properties":{"name":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"}},"required":["name"],"type":"object"},"Direction":{"enum":["above","below"],"type":"string"},"Dismissal":{"additionalProperties":false,"properties":{"position":{"$ref":"#/$defs/Span"},"quote":{"$ref":"#/$defs/QuoteSelector"},"reason":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"}},"required":["position","quote","reason"],"type":"object"},"Document":{"additionalProperties":false,"properties":{"document_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"medium":{"$ref":"#/$defs/Medium"},"is_withheld":{"type":"boolean"},"title":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"publisher":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"language":{"anyOf":[{"pattern":"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$","type":"string"},{"type":"null"}]},"published_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]},"archived_address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]},"obtained_at":{"anyOf":[{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$","type":"string"},{"type":"null"}]},"captured":{"$ref":"#/$defs/CaptureExtent"},"content_sha256":{"anyOf":[{"pattern":"^[0-9a-f]{64}$","type":"string"},{"type":"null"}]},"tier":{"$ref":"#/$defs/Tier"},"derives_from":{"items":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"type":"array"},"rights":{"anyOf":[{"$ref":"#/$defs/Rights"},{"type":"null"}]},"opened_on":{"anyOf":[{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","type":"string"},{"type":"null"}]},"extent_seen":{"anyOf":[{"$ref":"#/$defs/SeenExtent"},{"type":"null"}]},"mirror_of":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]}},"required":["document_id","medium","captured","tier"],"type":"object"},"EarlierCheck":{"additionalProperties":false,"properties":{"earlier_check_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"import_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"publisher":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":200,"minLength":1,"type":"string"}},"type":"object"},"claim":{"maxLength":20000,"minLength":1,"type":"string"},"language":{"anyOf":[{"pattern":"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$","type":"string"},{"type":"null"}]},"speaker":{"anyOf":[{"maxLength":200,"minLength":1,"type":"string"},{"type":"null"}]},"said_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"rating":{"$comment":"as printed","maxLength":1000,"minLength":1,"type":"string"},"rating_scale":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]},"checked_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"headline":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"summary":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"topics":{"items":{"maxLength":40,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"maxItems":20,"type":"array"}},"required":["earlier_check_id","import_id","publisher","claim","rating"],"type":"object"},"Edition":{"additionalProperties":false,"properties":{"edition_sha256":{"pattern":"^[0-9a-f]{64}$","type":"string"},"length":{"minimum":0,"type":"integer"},"furniture":{"items":{"$ref":"#/$defs/Span"},"type":"array"},"dismissed":{"items":{"$ref":"#/$defs/Dismissal"},"type":"array"}},"required":["edition_sha256","length"],"type":"object"},"Evidence":{"additionalProperties":false,"properties":{"document_id":{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"stance":{"$ref":"#/$defs/Stance"},"summary":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"excerpt":{"anyOf":[{"$comment":"as printed","maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"passage":{"anyOf":[{"$ref":"#/$defs/EvidencePassage"},{"type":"null"}]}},"required":["document_id","stance","summary"],"type":"object"},"EvidencePassage":{"additionalProperties":false,"properties":{"place":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":200,"minLength":1,"type":"string"}},"type":"object"},"printed":{"anyOf":[{"$comment":"as printed","maxLength":120,"minLength":1,"type":"string"},{"type":"null"}]},"whole":{"anyOf":[{"$ref":"#/$defs/PassageHash"},{"type":"null"}]},"seen_on":{"anyOf":[{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","type":"string"},{"type":"null"}]}},"required":["place"],"type":"object"},"MachineWording":{"additionalProperties":false,"properties":{"language":{"pattern":"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$","type":"string"},"model":{"maxLength":200,"minLength":1,"type":"string"},"is_edited":{"type":"boolean"}},"required":["language","model"],"type":"object"},"Medium":{"enum":["web","pdf","file","book_page","call","email","interview","photograph"],"type":"string"},"PassageHash":{"additionalProperties":false,"properties":{"length":{"minimum":1,"type":"integer"},"sha256":{"pattern":"^[0-9a-f]{64}$","type":"string"}},"required":["length","sha256"],"type":"object"},"Publication":{"additionalProperties":false,"properties":{"publisher":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"headline":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"issue":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"published_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]}},"required":["publisher"],"type":"object"},"Quantity":{"additionalProperties":false,"properties":{"text":{"maxLength":20000,"minLength":1,"type":"string"},"amount":{"anyOf":[{"maxLength":100,"pattern":"^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$","type":"string"},{"type":"null"}]},"low":{"anyOf":[{"maxLength":100,"pattern":"^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$","type":"string"},{"type":"null"}]},"high":{"anyOf":[{"maxLength":100,"pattern":"^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$","type":"string"},{"type":"null"}]},"unit":{"anyOf":[{"maxLength":20000,"minLength":1,"type":"string"},{"type":"null"}]},"currency":{"anyOf":[{"pattern":"^[A-Z]{3}$","type":"string"},{"type":"null"}]},"comparator":{"anyOf":[{"$ref":"#/$defs/Comparator"},{"type":"null"}]},"direction":{"anyOf":[{"$ref":"#/$defs/Direction"},{"type":"null"}]}},"required":["text"],"type":"object"},"Question":{"enum":["said","so"],"type":"string"},"QuoteSelector":{"additionalProperties":false,"properties":{"exact":{"oneOf":[{"$comment":"as printed","maxLength":20000,"minLength":1,"type":"string"},{"$ref":"#/$defs/PassageHash"}]},"prefix":{"anyOf":[{"oneOf":[{"$comment":"as printed","maxLength":20000,"minLength":1,"type":"string"},{"$ref":"#/$defs/PassageHash"}]},{"type":"null"}]},"suffix":{"anyOf":[{"oneOf":[{"$comment":"as printed","maxLength":20000,"minLength":1,"type":"string"},{"$ref":"#/$defs/PassageHash"}]},{"type":"null"}]}},"required":["exact"],"type":"object"},"RelatedClaim":{"additionalProperties":false,"properties":{"relation":{"$ref":"#/$defs/Relation"},"claim_id":{"maxLength":45,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z2-7]{4}$","type":"string"}},"required":["relation","claim_id"],"type":"object"},"Relation":{"enum":["repeats","contradicts","supersedes"],"type":"string"},"RevisionKind":{"enum":["listed","verdict","update","correction","withdrawal","redaction"],"type":"string"},"Rights":{"additionalProperties":false,"properties":{"holder":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"statement":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"may_hold_text":{"type":"boolean"}},"required":["holder","statement"],"type":"object"},"SearchedPlace":{"additionalProperties":false,"properties":{"where":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":200,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]},"terms":{"anyOf":[{"maxLength":200,"minLength":1,"type":"string"},{"type":"null"}]},"on":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","type":"string"}},"required":["on"],"type":"object"},"SeenExtent":{"enum":["whole","opening","excerpt"],"type":"string"},"Source":{"additionalProperties":false,"properties":{"kind":{"$ref":"#/$defs/SourceKind"},"name":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"published_on":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"address":{"anyOf":[{"maxLength":2000,"pattern":"^https?://[^\\s/?#]+[^\\s]*$","type":"string"},{"type":"null"}]}},"required":["kind","name"],"type":"object"},"SourceKind":{"enum":["speech","report","post","filing","announcement","open_letter","publication","own_reporting"],"type":"string"},"Span":{"additionalProperties":false,"properties":{"start":{"minimum":0,"type":"integer"},"end":{"minimum":0,"type":"integer"}},"required":["start","end"],"type":"object"},"Speaker":{"additionalProperties":false,"properties":{"kind":{"$ref":"#/$defs/SpeakerKind"},"name":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"role":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"organization":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]}},"required":["kind","name"],"type":"object"},"SpeakerBasis":{"enum":["explicit","pronoun","carried"],"type":"string"},"SpeakerKind":{"enum":["person","organization","anonymous"],"type":"string"},"Stance":{"enum":["supports","refutes","context"],"type":"string"},"Subject":{"enum":["article","claim","appearance","document","alias","earlier_check"],"type":"string"},"Tier":{"enum":["primary","primary_copy","secondary"],"type":"string"},"Verdict":{"additionalProperties":false,"properties":{"question":{"$ref":"#/$defs/Question"},"value":{"$ref":"#/$defs/VerdictValue"},"rationale":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},"as_of":{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},"recheck_after":{"anyOf":[{"pattern":"^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:/([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?$","type":"string"},{"type":"null"}]},"searched":{"items":{"$ref":"#/$defs/SearchedPlace"},"maxItems":20,"type":"array"},"machine_wording":{"items":{"$ref":"#/$defs/MachineWording"},"maxItems":10,"type":"array"}},"required":["question","value","rationale","as_of"],"type":"object"},"VerdictValue":{"enum":["supported","refuted","conflicting_evidence","not_enough_evidence","not_checkable"],"type":"string"},"Waiver":{"additionalProperties":false,"properties":{"code":{"maxLength":40,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},"reason":{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"}},"required":["code","reason"],"type":"object"}},"additionalProperties":false,"properties":{"format":{"const":1,"type":"integer"},"nonce":{"pattern":"^[0-9a-f]{32}$","type":"string"},"number":{"minimum":1,"type":"integer"},"subject":{"$ref":"#/$defs/Subject"},"key":{"type":"string"},"revision":{"minimum":1,"type":"integer"},"prev":{"anyOf":[{"pattern":"^[0-9a-f]{64}$","type":"string"},{"type":"null"}]},"kind":{"$ref":"#/$defs/RevisionKind"},"recorded_at":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$","type":"string"},"authors":{"items":{"pattern":"^[a-z][a-z0-9_.-]{0,39}$","type":"string"},"minItems":1,"type":"array"},"approver":{"pattern":"^[a-z][a-z0-9_.-]{0,39}$","type":"string"},"reason":{"maxLength":20000,"minLength":1,"type":"string"},"record":{"oneOf":[{"$ref":"#/$defs/Article"},{"$ref":"#/$defs/Claim"},{"$ref":"#/$defs/Appearance"},{"$ref":"#/$defs/Document"},{"$ref":"#/$defs/Alias"},{"$ref":"#/$defs/EarlierCheck"}]},"correction":{"anyOf":[{"$ref":"#/$defs/Correction"},{"type":"null"}]},"reasons":{"anyOf":[{"minProperties":1,"patternProperties":{"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$":{"maxLength":20000,"minLength":1,"type":"string"}},"type":"object"},{"type":"null"}]},"approver_role":{"anyOf":[{"maxLength":60,"pattern":"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$","type":"string"},{"type":"null"}]},"role_granted_by":{"anyOf":[{"pattern":"^[a-z][a-z0-9_.-]{0,39}$","type":"string"},{"type":"null"}]}},"required":["format","nonce","number","subject","key","revision","kind","recorded_at","authors","approver","reason","record"],"type":"object"}"""
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
