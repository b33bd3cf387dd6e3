"""Plugins that come with the shop. None is active unless the configuration names it."""
