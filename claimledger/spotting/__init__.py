"""Spot candidates for claims in an article: figures, quotations and reported statements with their speakers.

The input is a text as stored, or files. The output is `Candidate` rows with offsets into that text, and their printed
forms. Languages are plug-ins of the entry point group `claimledger.languages`; `ko` and `en` come with the package.
This package does not know claims or the ledger; candidates are computed again each time and never stored.
"""

from __future__ import annotations

from claimledger.spotting.candidates import (
    Candidate, SpottedText, candidate_at, failed_plugins, paragraph_languages, spot_text, spot_with_problems,
    spotting_problems,
)  # fmt: skip
from claimledger.spotting.many_files import SpottedFile, spot_file, spot_files
from claimledger.spotting.language import SpottedSpeaker
from claimledger.spotting.output import CandidateFormat, candidate_to_json, write_candidates
from claimledger.spotting.spotted_passages import Paragraph

__all__ = [
    "Candidate",
    "CandidateFormat",
    "Paragraph",
    "SpottedFile",
    "SpottedSpeaker",
    "SpottedText",
    "candidate_at",
    "candidate_to_json",
    "failed_plugins",
    "paragraph_languages",
    "spot_file",
    "spot_files",
    "spot_text",
    "spot_with_problems",
    "spotting_problems",
    "write_candidates",
]  # fmt: skip
