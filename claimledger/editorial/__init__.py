"""The editorial steps on an article: taking it in, deciding on its candidates, accounting for it.

In: an open desk and what a person decided. Out: drafts, decisions and kept texts, all or none; or what stands. Each is
called by `desk`, which knows their order.
"""
