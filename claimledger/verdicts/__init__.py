"""What a verdict must rest on, and how others would say it.

`independence` counts the documents that stand for themselves; `scales` turns a verdict into a publication's rating and
back. In: records and words. Out: yes or no, or a rating. Pure; it knows neither files nor people.
"""
