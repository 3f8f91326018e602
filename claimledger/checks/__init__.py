"""The checks that `claimledger check` runs."""
