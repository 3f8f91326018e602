"""Scores on published data and on claims written by hand; the data stay outside the project."""
