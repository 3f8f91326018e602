"""The ledger: the public log with its chain, the desk's store, the text form and the checks."""
