"""Plugins: modules with a `register(hooks)` function, loaded by name or from a file."""

from shop.plugins.hooks import Hooks
from shop.plugins.loader import load_all, load_file, load_module

__all__ = ["Hooks", "load_all", "load_file", "load_module"]
