"""A small shop: catalogue, stock, orders, billing, and what surrounds them."""

__version__ = "2.4.0"
