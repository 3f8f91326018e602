"""Rules for verdicts: the evidence they need, and their counterparts on other rating scales.

`independence` counts independent documents, `scales` converts verdicts to the ratings of other scales and back, and
`answers` gives the label of a verdict for its question. The package reads no files except its own tables.
"""
