"""A ledger of what was claimed in print: each claim with its source, speaker and verification status."""

__version__ = "0.1.0.dev0"
