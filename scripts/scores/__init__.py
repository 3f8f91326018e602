"""Scores on published data sets and on claims written by hand. The data sets are not part of the project."""
