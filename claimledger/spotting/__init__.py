"""Candidates from an article: its figures, its quotations, who is said to assert what; languages are plug-ins."""
