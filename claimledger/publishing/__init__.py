"""Publish the log for readers: `ledger.db`, its search, exports and the data of the public pages."""
