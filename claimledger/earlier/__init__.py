"""Claims that were there before and say the same."""
