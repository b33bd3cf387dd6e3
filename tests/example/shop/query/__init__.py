"""A query language for products and orders, and a full-text index.

    category:tools price>10 and not (name~hammer or stock<=5) sort:-price limit:5
"""

from shop.query.evaluate import matches, search
from shop.query.parser import parse

__all__ = ["matches", "parse", "search"]
