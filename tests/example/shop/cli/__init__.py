"""The command line."""

from shop.cli.main import main

__all__ = ["main"]
