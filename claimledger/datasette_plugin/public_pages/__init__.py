"""Pages of the public ledger: who may see them, and in which language."""
