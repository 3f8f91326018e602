"""The editorial rules behind the desk's steps on articles and claims.

The functions here take an open desk and a person's decision. They return changes and decisions to store, or the current
state. `desk` calls them and knows their order.
"""
