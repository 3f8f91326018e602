"""Score the judgement of suggestions on the bad and the honest ones of `tests/suggestion_attacks.py`.

One line is printed per family of changes and per kind of honest suggestion. "Clean" is the judgement "nothing found".
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import chain

from environment import ROOT, say

from claimledger.suggesting.grounded import Clean, Refused

LANGUAGES = {False: "article's language", True: "translation"}


def report() -> None:
    """Print the scores."""
    sys.path.append(str(ROOT / "tests"))
    import suggestion_attacks as attacks  # noqa: PLC0415  a module of the tests

    bad = [
        (case, case.judge())
        for case in chain(
            attacks.claim_attacks(), attacks.translation_attacks(), attacks.document_attacks(), attacks.reason_attacks()
        )
    ]
    say(f"Bad suggestions: {len(bad):,} of {len({case.kind for case, _ in bad})} kinds")
    counts = Counter((case.family, case.is_in_other_language) for case, _ in bad)
    clean = Counter((case.family, case.is_in_other_language) for case, found in bad if isinstance(found, Clean))
    for family, is_other in sorted(counts):
        say(f"  {family}, {LANGUAGES[is_other]}: {clean[family, is_other]} clean of {counts[family, is_other]:,}")
    honest = (
        ("claims", attacks.honest_claims()), ("translations", attacks.honest_translations()),
        ("translations, other half", attacks.honest_translations(1)),
    )  # fmt: skip
    for name, cases in honest:
        found = [case.judge() for case in cases]
        refused = sum(isinstance(one, Refused) for one in found)
        say(f"Honest {name}: {sum(isinstance(one, Clean) for one in found)} clean of {len(found)}, {refused} refused")
