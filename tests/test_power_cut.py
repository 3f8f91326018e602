"""A power cut at each moment of publishing: the desk starts again, and nothing acknowledged is lost.

SQLite syncs its own commits; here the files of desk.db survive as they are. `test_traced_power_cut` includes SQLite.
"""

from __future__ import annotations

import importlib
import os
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from simulated_disk import SimulatedDisk, State, Survivors

from claimledger.errors import LedgerError
from claimledger.ledger import files, log, printing
from claimledger.ledger.files import LedgerPaths

desk_ledger = importlib.import_module("tests.desk_ledger")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the name of a descriptor is read from /proc"),
]
JOURNALED = (Survivors.NOTHING, Survivors.NAMES, *[Survivors.SOME] * 6)
ANY_ORDER = (Survivors.ANY,) * 6


class PowerCut(NamedTuple):
    """A disk after a power cut."""

    name: str
    files: State
    desk: dict[str, bytes]
    """The files of desk.db."""
    is_acknowledged: bool
    """True if the publication had returned."""


class Result(NamedTuple):
    """The number of cuts, and a sentence for each thing that was lost."""

    cuts: int
    lost: Sequence[str]


def cut_everywhere(tmp_path: Path, kinds: Sequence[Survivors]) -> Result:
    """Publish once, cut the power at each moment, and start the desk on each disk."""
    places = desk_ledger.with_desk(tmp_path / "ledger", claims=5)
    printing.print_text_form(places)
    cuts = recorded_cuts(places, kinds)
    became = desk_ledger.public_files(places)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        lost = [loss for cut in cuts for loss in losses(made(tmp_path / "cut", cut), cut, became)]
    return Result(len(cuts), lost)


def recorded_cuts(places: LedgerPaths, kinds: Sequence[Survivors]) -> list[PowerCut]:
    """Publish and print, and return each different disk that a power cut in between may leave."""
    draw, is_acknowledged = random.Random(7), False  # noqa: S311
    cuts: dict[object, PowerCut] = {}

    def record(disk: SimulatedDisk) -> None:
        names = ("desk.db", "desk.db-wal")
        desk = {name: (places.root / name).read_bytes() for name in names if (places.root / name).exists()}
        for kind in kinds:
            state = disk.after_cut(kind, draw)
            public = sorted((str(p), c) for p, c in state.items() if not p.name.startswith("desk.db"))
            key = repr(public), desk.get("desk.db-wal"), is_acknowledged
            cuts.setdefault(key, PowerCut(f"moment {len(cuts) + 1}, {kind.value}", state, desk, is_acknowledged))

    disk = SimulatedDisk(places.root, record)
    with pytest.MonkeyPatch.context() as patch:
        disk.watch(patch)
        with desk_ledger.opened(places) as store:
            desk_ledger.publish(store, desk_ledger.later(5))
            printing.print_text_form(places)
            is_acknowledged = True
            record(disk)
    disk.close()
    return list(cuts.values())


def made(root: Path, cut: PowerCut) -> LedgerPaths:
    """Make the disk after a cut."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    public = {path: content for path, content in cut.files.items() if not path.name.startswith("desk.db")}
    for path, content in sorted({**public, **{Path(name): content for name, content in cut.desk.items()}}.items()):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).mkdir(exist_ok=True) if content is None else (root / path).write_bytes(content)
    return LedgerPaths(root)


def losses(places: LedgerPaths, cut: PowerCut, became: dict[str, bytes]) -> list[str]:
    """Start the desk, publish again if the publication is not there, and return what is lost."""
    try:
        if cut.is_acknowledged and desk_ledger.public_files(places) != became:
            return [f"{cut.name}: a file that was said to be written is not there"]
        with desk_ledger.opened(places) as store:
            if store.open_drafts():
                desk_ledger.publish(store, desk_ledger.later(5))
        edited = printing.print_text_form(places).edited
        if edited or desk_ledger.public_files(places) != became:
            return [f"{cut.name}: other files than without a cut {edited}"]
    except (LedgerError, OSError) as error:
        return [f"{cut.name}: {type(error).__name__}: {str(error)[-90:]}"]
    return []


@pytest.fixture(autouse=True)
def _short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BODIES_PER_FILE", 4)


def test_power_cut_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    result = cut_everywhere(tmp_path, JOURNALED)
    assert result.cuts > 40
    assert result.lost == []


def test_names_that_reach_the_disk_in_any_order_lose_nothing(tmp_path: Path) -> None:
    result = cut_everywhere(tmp_path, ANY_ORDER)
    assert result.cuts > 40
    assert result.lost == []


def write_without_sync(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def write_in_place(part: Path, path: Path) -> None:
    path.write_bytes(part.read_bytes())
    part.unlink()


def replace_without_each(contents: object, *, syncs_each: bool = False) -> None:
    del syncs_each
    REPLACE_ALL(contents)


REPLACE_ALL: Callable[..., None] = files.replace_all
MUTANTS: dict[str, tuple[str, Callable[..., object], Sequence[Survivors]]] = {
    "no fsync of files": ("_write", write_without_sync, JOURNALED),
    "no fsync of folders": ("_sync_folder", lambda _: None, JOURNALED),
    "written in place": ("_put_into_place", write_in_place, JOURNALED),
    "one fsync for several log files": ("replace_all", replace_without_each, ANY_ORDER),
}


@pytest.mark.parametrize(("name", "mutant", "kinds"), list(MUTANTS.values()), ids=MUTANTS)
def test_each_defence_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mutant: Callable[..., object],
    kinds: Sequence[Survivors],
) -> None:  # fmt: skip
    monkeypatch.setattr(files, name, mutant)
    assert cut_everywhere(tmp_path, kinds).lost
