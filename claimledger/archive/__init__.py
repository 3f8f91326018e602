"""Spots an archive of articles into Parquet files, on one machine or several, and matches it with checked claims.

`sources` cuts a folder of articles into shards. `shard_spotting` reads one shard and writes its files; it knows no
engine. `processes` and `ray_engine` run it for many shards, and know nothing of articles. `spotting_run` puts them
together, `output_files` knows the files of the output folder, and `inspection` compares these with the manifest.
`known_claims` and `repeats` find the candidates that repeat a checked claim. Only the command line uses this package.
"""
