"""People of the newsroom and how they sign in: accounts, credentials, sessions, tokens, throttling."""
