"""The data of the public pages, read from `ledger.db`.

The functions take a connection with `sqlite3.Row` rows and return NamedTuples and `models` records. Values from an
address reach SQL only as parameters, every query of a page uses an index, and a list page has at most
`lines.LINES_PER_PAGE` rows. Nothing is rendered here, and no language is chosen.
"""
