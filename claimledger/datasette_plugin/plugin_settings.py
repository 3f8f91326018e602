"""The settings of the plug-in `claimledger`, read once for each Datasette, and whether they can change.

Datasette makes a copy of its whole configuration each time it is asked for a setting. Without another plug-in that
decides about settings or readers, the answers cannot change while the server runs. The file is read when they are first
needed; a change of it needs a restart.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.plugins import DEFAULT_PLUGINS, pm

from claimledger.publishing.metadata import environment_variable
from claimledger.publishing.site import SETTINGS, read_settings_file

if TYPE_CHECKING:
    from datasette.app import Datasette

_HOOKS = ("actor_from_request", "permission_allowed", "permission_resources_sql", "get_metadata")
"""The hooks with which another plug-in could decide about a reader or a setting; not all exist in each Datasette."""
_from_file: WeakKeyDictionary[Datasette, Mapping[str, Any]] = WeakKeyDictionary()
_settings: WeakKeyDictionary[Datasette, Mapping[str, Any]] = WeakKeyDictionary()


class _KnownPlugins:
    """The plug-ins that were registered at the last look, and the answer for them."""

    plugins: frozenset[object] = frozenset()
    is_datasette_alone = False


def plugin_settings(datasette: Datasette) -> Mapping[str, Any]:
    """Return the settings of the plug-in: its own, then environment variables, then those of `claimledger.toml`."""
    if not is_datasette_alone():
        return _merged_settings(datasette)
    if datasette not in _settings:
        _settings[datasette] = _merged_settings(datasette)
    return _settings[datasette]


def _merged_settings(datasette: Datasette) -> Mapping[str, Any]:
    configured = datasette.plugin_config("claimledger") or {}
    given = {name: value for name, value in configured.items() if value not in (None, "")}  # an unset variable is None
    return {**_file_settings(datasette), **_environment_settings(), **given}


def _environment_settings() -> Mapping[str, str]:
    """Return the settings in environment variables, for a server that was started without metadata.yml."""
    found = {name: os.environ.get(environment_variable(name)) for name in SETTINGS}
    return {name: value for name, value in found.items() if value}


def _file_settings(datasette: Datasette) -> Mapping[str, Any]:
    """Return the settings in the folder of the served files, read once for each Datasette."""
    if datasette not in _from_file:
        folders = dict.fromkeys(Path(name).parent for name in (*datasette.files, *datasette.immutables))
        found = [read_settings_file(folder) for folder in folders]
        _from_file[datasette] = next(filter(None, found), {})
    return _from_file[datasette]


def is_datasette_alone() -> bool:
    """Return whether only Datasette itself decides who a reader is and what each reader may see."""
    plugins = pm.get_plugins()
    if plugins != _KnownPlugins.plugins:
        callers = [getattr(pm.hook, name) for name in _HOOKS if hasattr(pm.hook, name)]
        names = {found.plugin_name for caller in callers for found in caller.get_hookimpls()}
        _KnownPlugins.plugins, _KnownPlugins.is_datasette_alone = frozenset(plugins), names.issubset(DEFAULT_PLUGINS)
    return _KnownPlugins.is_datasette_alone
