"""The settings of the plug-in `claimledger`, read once for each Datasette, and whether they can change.

Datasette makes a copy of its whole configuration each time it is asked for a setting. Without another plug-in that
decides about settings or readers, the answers cannot change while the server runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.plugins import DEFAULT_PLUGINS, pm

if TYPE_CHECKING:
    from datasette.app import Datasette

_HOOKS = ("actor_from_request", "permission_allowed", "permission_resources_sql", "get_metadata")
"""The hooks with which another plug-in could decide about a reader or a setting; not all exist in each Datasette."""
_settings: WeakKeyDictionary[Datasette, Mapping[str, Any]] = WeakKeyDictionary()


class _KnownPlugins:
    """The plug-ins that were registered at the last look, and the answer for them."""

    plugins: frozenset[object] = frozenset()
    is_datasette_alone = False


def plugin_settings(datasette: Datasette) -> Mapping[str, Any]:
    """Return the settings of the plug-in."""
    if not is_datasette_alone():
        return datasette.plugin_config("claimledger") or {}
    if datasette not in _settings:
        _settings[datasette] = datasette.plugin_config("claimledger") or {}
    return _settings[datasette]


def is_datasette_alone() -> bool:
    """Return whether only Datasette itself decides who a reader is and what each reader may see."""
    plugins = pm.get_plugins()
    if plugins != _KnownPlugins.plugins:
        callers = [getattr(pm.hook, name) for name in _HOOKS if hasattr(pm.hook, name)]
        names = {found.plugin_name for caller in callers for found in caller.get_hookimpls()}
        _KnownPlugins.plugins, _KnownPlugins.is_datasette_alone = frozenset(plugins), names.issubset(DEFAULT_PLUGINS)
    return _KnownPlugins.is_datasette_alone
