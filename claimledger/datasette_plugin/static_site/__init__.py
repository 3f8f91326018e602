"""A static copy of the public pages: folders of HTML files that any web space can serve, without a server program.

The pages are those of the server, rendered by the same application in this process. `copied_paths` says which address
becomes which file, `rewriting` changes the links, `word_index` makes the search, and `copying` walks the site.
"""

from claimledger.datasette_plugin.static_site.copying import CopyResult, copy_site

__all__ = ["CopyResult", "copy_site"]
