"""Name the pictures that a shared link shows, with their alternative texts.

There is one picture for each verdict and language, and one for pages without a verdict. `scripts/share_images.py` draws
them once; they are files of the package.
"""

from __future__ import annotations

from claimledger.labels import label_text
from claimledger.publishing.wording import label
from claimledger.publishing.site import PageLanguage
from claimledger.vocabulary import Question, VerificationStatus

SITE_IMAGE = "site"
"""The name of the picture for pages without a verdict."""
IMAGE_NAMES = (*map(str, VerificationStatus), SITE_IMAGE)
IMAGE_SIZE = (1200, 630)
"""The width and the height of every picture, in pixels."""


def alternative_text(name: str, language: PageLanguage) -> str:
    """Return the alternative text of a picture, which has the same words.

    >>> alternative_text("refuted", "en"), alternative_text("refuted", "ko")
    ('Incorrect · Fact check', '사실과 다름 · 사실 확인')
    """
    if name == SITE_IMAGE:
        return f"{label_text('site.title', language)} · {label_text('question.both', language)}"
    return f"{label(VerificationStatus(name), language)} · {label(Question.SO, language)}"
