"""The ledger itself: the public log and its chain, the desk's store, the text form, the checks."""
