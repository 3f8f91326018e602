"""The wording checks find unclear wording, accept plain wording, and enforce the budget."""

from __future__ import annotations

import doctest
import os
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import environment
import plain_words
import pytest
import word_lists
import wording
from environment import Failed
from public_names import find_repeated_names
from wording import Hit

BUDGET = """\
# A comment that stays.

[[accepted]]
pattern = "docs-words"
path = "docs/"
text = "lock is held"
reason = "A lock is held."

[counts]
docs-words = 1
"""


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files, given by path."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def patterns(root: Path) -> list[str]:
    """Return the patterns of all hits below a folder."""
    return sorted(hit.pattern for hit in wording.find_hits(root))


def git(root: Path, *arguments: str) -> None:
    """Run git without the settings of the machine."""
    who = {f"GIT_{role}_{part}": "kim@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    variables = {**kept, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *arguments], cwd=root, check=True, env=variables)  # noqa: S607  git, wherever it is


# --- Python ---


@pytest.mark.parametrize(
    ("source", "pattern"),
    [
        ('"""What a claim is."""\n', "docstring-module"),
        ('class A:\n    """Who acts."""\n', "docstring-class"),
        ('def find():\n    """Whether it is there."""\n', "docstring-function"),
        ('A = 1\n"""How many there are."""\n', "docstring-attribute"),
        ('def find():\n    """Return what was found."""\n', "docstring-return"),
        ('def find():\n    """Find a claim.\n\n    It is told\n    elsewhere.\n    """\n', "docstring-words"),
        ("class Told:\n    pass\n", "class-name"),
        ("class _Held:\n    pass\n", "class-name"),
        ("def along():\n    pass\n", "function-name"),
        ("async def _counted():\n    pass\n", "function-name"),
        ("def who_acts():\n    pass\n", "function-name"),
        ("def rows_of(a):\n    pass\n", "function-name"),
        ('SENTENCE = "The claim stands in the ledger."\n', "message-words"),
        ('def fail(a):\n    raise ValueError(f"The file {a} is no ledger.")\n', "message-words"),
        ('HELP = "What the person may do"\n', "message-start"),
        ("A = 1  # nobody reads it\n", "comment-words"),
    ],
)
def test_unclear_wording_in_code_is_found(tmp_path: Path, source: str, pattern: str) -> None:
    write(tmp_path, {"claimledger/a.py": source})
    assert patterns(tmp_path) == [pattern]


@pytest.mark.parametrize(
    "source",
    [
        '"""The claims of an article."""\n',
        'def is_there():\n    """Return whether a claim is there."""\n',
        'def count():\n    """Return how many claims there are.\n\n    >>> told\n    \'it stands\'\n    """\n',
        'A = 1\n"""The number of claims."""\n',
        "class Claim:\n    pass\n",
        "class Refused(LookupError):\n    pass\n\n\nclass Withheld(Refused):\n    pass\n",
        "def read():\n    pass\n",
        "def offset():\n    pass\n",
        "class A:\n    @property\n    def told(self):\n        pass\n",
        "class A:\n    def __of__(self):\n        pass\n",
        'WORDS = ("stands", "told", "is no")\n',
        'SQL = "SELECT a FROM held WHERE nobody told it"\n',
        'QUESTION = "What is a claim of this kind?"\n',
        "A = 1  # the standard library\n",
    ],
)
def test_plain_wording_in_code_is_left_alone(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"claimledger/a.py": source})
    assert patterns(tmp_path) == []


def test_hit_has_the_line_of_the_word(tmp_path: Path) -> None:
    write(tmp_path, {"claimledger/a.py": '"""A module.\n\nIt is no\nmodule.\n"""\n'})
    (hit,) = wording.find_hits(tmp_path)
    assert str(hit) == "claimledger/a.py:3: docstring-words: 'is no' (plainer: is not a; there is none): It is no"


def test_names_of_tests_and_files_are_checked(tmp_path: Path) -> None:
    long = f"def test_{'a' * 70}():\n    pass\n"
    write(tmp_path, {"tests/test_all_told.py": f"def test_what_is_new_opens():\n    pass\n\n\n{long}"})
    assert patterns(tmp_path) == ["file-name", "test-name", "test-name-length"]


# --- docs, interface, commits ---


def test_docs_are_read_without_their_code(tmp_path: Path) -> None:
    text = "# What there is\n\nIt holds `is no` claim.\n\n```\nIt stands.\n```\n\nWhat is a claim? 물음이 있습니다.\n"
    write(tmp_path, {"docs/a.md": text})
    assert patterns(tmp_path) == ["docs-korean", "docs-start", "docs-words"]


def test_changelog_entries_are_measured(tmp_path: Path) -> None:
    entry = "- " + "claims " * 30 + "\n  " + "and claims " * 5
    write(tmp_path, {"CHANGELOG.md": f"# Changelog\n\n- Claims are listed.\n{entry}\n- Nobody reads it.\n"})
    assert patterns(tmp_path) == ["changelog-length", "changelog-words"]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ('title = { en = "What stood", ko = "주장" }\n', "interface-start"),
        ('title = { en = "The claim is no more." }\n', "interface-words"),
        ('[claim]\nreason = { ko = "까닭" }\n', "interface-korean"),
    ],
)
@pytest.mark.parametrize("name", ["labels.toml", "messages/log.toml", "datasette_plugin/desk_pages/words.toml"])
def test_interface_tables_are_read_in_both_languages(tmp_path: Path, name: str, text: str, pattern: str) -> None:
    write(tmp_path, {f"claimledger/{name}": text, "claimledger/quantities/words.toml": text})
    assert pattern in patterns(tmp_path)
    assert {hit.path for hit in wording.find_hits(tmp_path)} == {f"claimledger/{name}"}


def test_template_is_read_between_tags(tmp_path: Path) -> None:
    text = "<p title='told'>{{ say('stands') }}</p>\n<p>Nobody is here.</p>\n{% if held %}이 쪽{% endif %}\n"
    write(tmp_path, {"claimledger/a.html": text})
    assert [(hit.pattern, hit.line) for hit in wording.find_hits(tmp_path)] == [
        ("interface-words", 2),
        ("interface-korean", 3),
    ]


def test_korean_labels_in_code_are_checked_where_they_are_shown(tmp_path: Path) -> None:
    write(tmp_path, {"claimledger/vocabulary.py": 'A = "까닭"\n', "claimledger/spotting/a.py": 'A = "까닭"\n'})
    assert [(hit.pattern, hit.path) for hit in wording.find_hits(tmp_path)] == [
        ("interface-korean", "claimledger/vocabulary.py")
    ]


def test_commit_subjects_are_checked_since_the_first_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet")
    for subject in ("What was before", "Add a feed", "The feed is added", "Add " + "claims " * 10 + "now"):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", subject)
    assert patterns(tmp_path) == []  # the history begins after another commit
    monkeypatch.setattr(wording, "FIRST_COMMIT", "HEAD~3")
    assert patterns(tmp_path) == ["commit-length", "commit-verb"]


@pytest.mark.parametrize(
    ("subject", "good"),
    [
        ("Add a feed", True),
        ("Address pages by name", True),
        ("Bring dates into order", True),
        ("Read CSV files", True),
        ("Re-read changed files", True),
        ("Tests of the feed", False),
        ("Feeds: add one", False),
        ("Counted again", False),
        ("Adding a feed", False),
        ("A feed", False),
        ("scripts/check is quicker", False),
        ("Korean has one word", False),
        ("", False),
    ],
)
def test_imperative_subjects_are_recognized(subject: str, *, good: bool) -> None:
    assert word_lists.is_imperative(subject) is good


def test_examples_of_the_word_lists_are_right() -> None:
    assert doctest.testmod(word_lists) == (0, 5)


def test_data_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"claims/a.md": "It stands.\n", "tests/faults/a.py": '"""What stands."""\n'})
    assert patterns(tmp_path) == []


# --- names ---


def test_repeated_names_are_found_below_the_interfaces(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "claimledger/log/entry.py": "class Entry:\n    pass\n\n\n_PRIVATE = 1\n",
            "claimledger/feeds/entry.py": "from claimledger.log.entry import Entry\n\n_PRIVATE = 2\nLIMIT = 3\n",
            "claimledger/pages/lists.py": "LIMIT: int = 4\n\n\ndef f():\n    Entry = 1\n",
            "claimledger/cli/entry.py": "class Entry:\n    pass\n",
            "claimledger/log/__init__.py": "",
            "claimledger/feeds/__init__.py": "",
        },
    )
    assert [str(hit) for hit in find_repeated_names(tmp_path)] == [
        "claimledger/feeds/entry.py: module-name: 'entry' is also in claimledger/log/entry.py",
        "claimledger/feeds/entry.py: public-name: 'LIMIT' is also in claimledger/pages/lists.py",
    ]


# --- the budget ---


def test_budget_bites_at_one_more_and_shows_it(tmp_path: Path) -> None:
    write(tmp_path, {"scripts/plain_words.toml": BUDGET, "docs/a.md": "It stands. The lock is held.\n"})
    assert plain_words.wording_complaints(tmp_path) == []
    write(tmp_path, {"docs/b.md": "It is told.\n"})
    first, *rest = plain_words.wording_complaints(tmp_path)
    assert first.startswith("docs-words: 2, at most 1 allowed: an unclear word in the docs.")
    assert [line.strip().partition(": ")[0] for line in rest] == ["docs/a.md:1", "docs/b.md:1"]


def test_complaint_shows_uncommitted_hits_first(tmp_path: Path) -> None:
    write(tmp_path, {"scripts/plain_words.toml": "[counts]\ndocs-words = 9\n", "docs/a.md": "It stands.\n" * 9})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Add a page")
    write(tmp_path, {"docs/z.md": "It is told.\n"})
    _, first, *others = plain_words.wording_complaints(tmp_path)
    assert first.startswith("  docs/z.md:1: docs-words: 'told'")
    assert len(others) == plain_words.SHOWN - 1


def test_pattern_that_is_not_counted_allows_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"scripts/plain_words.toml": "[counts]\n", "claimledger/a.py": "class Told:\n    pass\n"})
    assert plain_words.wording_complaints(tmp_path)[0].startswith("class-name: 1, at most 0 allowed")


def test_exemption_without_a_hit_is_to_be_removed(tmp_path: Path) -> None:
    write(tmp_path, {"scripts/plain_words.toml": BUDGET})
    (complaint,) = plain_words.wording_complaints(tmp_path)
    assert complaint == (
        "scripts/plain_words.toml: nothing matches the exemption docs-words 'lock is held'. Remove it."
    )


def test_exemption_covers_its_word_in_its_path_only(tmp_path: Path) -> None:
    one = plain_words.Exemption("docs-words", "lock is held", "docs/")
    hit = Hit("docs-words", "docs/a.md", 1, "'held': it stands while a lock is held", "held")
    assert one.covers(hit)
    assert not one.covers(hit._replace(path="README.md"))
    assert not one.covers(hit._replace(pattern="comment-words"))
    assert not one.covers(hit._replace(word="stands"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[accepted]]\npattern = "docs-words"\ntext = "held"\nreason = " "\n', "has no text or no reason"),
        ('[[accepted]]\npattern = "docs-words"\nreason = "It is right."\n', "has no text or no reason"),
        ("[counts]\ndocs-wrods = 1\n", "unknown pattern docs-wrods"),
    ],
)
def test_mistake_in_the_budget_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    write(tmp_path, {"scripts/plain_words.toml": text})
    assert complaint in plain_words.wording_complaints(tmp_path)[0]
    assert complaint in plain_words.name_complaints(tmp_path)[0]


def test_names_have_a_check_of_their_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"scripts/plain_words.toml": "[counts]\n", "claimledger/a/b.py": "A = 1\n", "claimledger/c.py": "A = 1\n"},
    )
    assert plain_words.wording_complaints(tmp_path) == []
    assert plain_words.name_complaints(tmp_path)[0].startswith("public-name: 1, at most 0 allowed")


def test_written_budget_passes_and_keeps_the_exemptions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    write(tmp_path, {"scripts/plain_words.toml": BUDGET, "docs/a.md": "It stands, told. The lock is held.\n"})
    assert plain_words.main([]) == 1
    assert plain_words.main(["--write"]) == 0
    assert plain_words.main([]) == 0
    assert "docs-words: 1 before, 2 now" in capsys.readouterr().out
    text = (tmp_path / "scripts/plain_words.toml").read_text(encoding="utf-8")
    assert text.startswith(BUDGET.partition("[counts]")[0])
    assert tomllib.loads(text)["counts"].keys() == plain_words.PATTERNS.keys()


def test_hits_since_a_commit_are_those_of_changed_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    write(tmp_path, {"scripts/plain_words.toml": "[counts]\n", "docs/a.md": "It stands.\n"})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Add a page")
    write(tmp_path, {"docs/a.md": "It stands.\nIt is told.\n", "docs/new.md": "It holds.\n"})
    assert plain_words.main(["--since", "HEAD"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "docs/a.md:2: docs-words: 'told' (plainer: shows, reports, says): It is told.",
        "docs/new.md:1: docs-words: 'holds' (plainer: is stored, contains, has; compare): It holds.",
    ]
    with pytest.raises(Failed, match="'git diff' failed: "):
        plain_words.main(["--since", "none"])
