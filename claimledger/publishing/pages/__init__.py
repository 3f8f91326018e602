"""What the public pages show, read from `ledger.db`: pure functions, a connection in, typed records out.

In: a connection whose rows are `sqlite3.Row`, and names as they stand in an address. Out: records of `models` and
NamedTuples. The invariants: every value of an address reaches SQL as a parameter; each question of a page is answered
through an index; a page of a list holds at most `lines.PAGE` rows. It renders nothing and knows no language.
"""
