"""The public log with its chain, and the claim files that are printed from it and read back."""
