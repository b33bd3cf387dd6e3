"""How plugins are found and imported."""

import importlib
import importlib.util
import sys
from pathlib import Path

from shop.errors import PluginError

BUILT_IN = "shop.plugins.contrib"


def _register(module, hooks):
    register = getattr(module, "register", None)
    if not callable(register):
        raise PluginError(f"{module.__name__} has no register function")
    register(hooks)
    return module


def load_module(name, hooks):
    """Load a plugin by name: a built-in one, or any module that can be imported."""
    candidates = [name] if "." in name else [f"{BUILT_IN}.{name}", name]
    for candidate in candidates:
        try:
            module = importlib.import_module(candidate)
        except ModuleNotFoundError as error:
            if error.name != candidate and not candidate.startswith(f"{error.name}."):
                raise PluginError(f"plugin {name} needs {error.name}") from error
            continue
        return _register(module, hooks)
    raise PluginError(f"no such plugin: {name}")


def load_file(path, hooks):
    """Load a plugin from a file outside of any package."""
    path = Path(path)
    name = f"shop_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        return _register(module, hooks)
    except PluginError:
        del sys.modules[name]
        raise
    except Exception as error:
        del sys.modules[name]
        raise PluginError(f"{path.name}: {type(error).__name__}: {error}") from error


def load_all(settings, hooks):
    """The plugins that the configuration names; returns their module names."""
    loaded = [load_module(name, hooks).__name__ for name in settings.items("plugins", "load")]
    folder = settings.text("plugins", "path")
    if folder:
        for path in sorted(Path(folder).glob("*.py")):
            loaded.append(load_file(path, hooks).__name__)
    return loaded
