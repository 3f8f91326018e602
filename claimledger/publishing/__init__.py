"""What is printed from the log for readers: `ledger.db`, its search, CSV."""
