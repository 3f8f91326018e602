"""What a verdict must rest on, and how others would say it.

`independence` counts the documents that stand for themselves; `scales` turns a verdict into a publication's rating and
back; `answers` words it by its question. In: records and words. Out: yes or no, a rating, a word. Pure; it knows
neither files nor people.
"""
