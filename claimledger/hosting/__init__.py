"""A ledger's folder and its server: create a newsroom's ledger, fill a demonstration, start Datasette.

`new_ledger` creates the folder, `demonstration` fills one with made-up people and an article in progress, and `server`
starts Datasette with the settings of a public server and ends it again.
"""
