"""The templates of the public pages with the functions and tables that are the same for every request."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from claimledger.datasette_plugin.public_pages import readable
from claimledger.datasette_plugin.public_pages.copied_search import COPY_POLICY, copied_search
from claimledger.publishing import exports, wording
from claimledger.publishing.cells import best_wording
from claimledger.publishing.dataset import read_licence
from claimledger.publishing.figure_words import kind_in_words
from claimledger.publishing.page_language import changes_in_language, reason_by_language
from claimledger.publishing.share_image import IMAGE_SIZE, alternative_text
from claimledger.publishing.site import LANGUAGES
from claimledger.verdicts.reasons import split_reason
from claimledger.vocabulary import Question, Stance

if TYPE_CHECKING:
    from markupsafe import Markup

_WEB_SCHEMES = ("https://", "http://")


def is_web(address: str | None) -> bool:
    """Return whether an address may be a link: only http and https addresses may."""
    return bool(address) and str(address).startswith(_WEB_SCHEMES)


def short_title(title: Markup, site: str) -> str:
    """Return a page's title as text, short enough for a tab, a search result or a shared link."""
    return readable.short_title(title.unescape(), site)


@cache
def template_environment() -> Environment:
    """Return the templates."""
    environment = Environment(
        loader=PackageLoader("claimledger.datasette_plugin.public_pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,  # the files of an installed program do not change
    )  # fmt: skip
    environment.globals |= {
        "marks": readable.MARKS, "topic_names": wording.topic_names, "moment": readable.minute_text, "is_web": is_web,
        "kind_in_words": kind_in_words,
        "heading_size": readable.heading_size, "split_reason": split_reason, "languages": LANGUAGES,
        "image_size": IMAGE_SIZE, "short_title": short_title,
        "alternative_text": alternative_text, "copy_policy": COPY_POLICY, "copied_search": copied_search,
        "read_licence": read_licence,
        "questions": tuple(Question), "stances": tuple(Stance), "key_of": best_wording,
        "change_values": readable.change_values, "in_one_language": changes_in_language,
        "reasons": reason_by_language,
    }  # fmt: skip
    return environment


available_formats = cache(exports.available_formats)
"""Return the formats of this installation, which are looked up once: that takes longer than a small page."""
