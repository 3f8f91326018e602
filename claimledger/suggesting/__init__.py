"""Let a language model point at sentences and draft wording, and judge everything that it answers.

A suggester gets one request and returns one text. It has no ledger, no tools and no memory. `asking` makes the
requests and reads the answers; `grounded` compares each suggestion with the text and with the desk's records, and
refuses it, shows it with the reasons for care, or finds nothing. Figures, speakers, dates, stances and verdicts are
never taken from a model. Nothing is stored here; only `with_llm` reaches a model.
"""
