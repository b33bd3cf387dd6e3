"""Prices: discounts, tax, shipping, and the engine that puts them together."""
