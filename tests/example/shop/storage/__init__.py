"""The database: an SQLite file, made by copying a template."""

from shop.storage.database import Database, build_template, create_from_template
from shop.storage.repository import Store

__all__ = ["Database", "Store", "build_template", "create_from_template"]
