"""Errors that a user can cause. The command line turns them into an exit status and one line."""


class ShopError(Exception):
    """The base of all of them; `exit_status` is what the command line returns."""

    exit_status = 1


class ConfigError(ShopError):
    """A configuration file that can't be read or makes no sense."""

    exit_status = 3

    def __init__(self, message, path=None, line=None):
        self.path = path
        self.line = line
        where = ""
        if path is not None:
            where = f"{path}:{line}: " if line else f"{path}: "
        super().__init__(where + message)


class NotFound(ShopError):
    """Something was named that is not there."""

    exit_status = 4

    def __init__(self, kind, key):
        self.kind = kind
        self.key = key
        super().__init__(f"no such {kind}: {key}")


class InvalidValue(ShopError):
    """A value that a field can't hold."""


class InvalidState(ShopError):
    """An action that the state of an order or an invoice doesn't allow."""

    exit_status = 5


class OutOfStock(ShopError):
    """More was asked for than there is."""

    exit_status = 6

    def __init__(self, sku, wanted, available):
        self.sku = sku
        self.wanted = wanted
        self.available = available
        super().__init__(f"{sku}: {wanted} wanted, {available} available")


class QuerySyntaxError(ShopError):
    """A query that doesn't follow the grammar; `position` counts characters from 0."""

    exit_status = 7

    def __init__(self, message, text, position):
        self.text = text
        self.position = position
        super().__init__(f"{message} at position {position}")

    def pointer(self):
        """The query with a caret below the place of the error."""
        return f"{self.text}\n{' ' * self.position}^"


class ImportFailed(ShopError):
    """A file of which rows could not be taken over; `problems` holds (row, message)."""

    exit_status = 8

    def __init__(self, source, problems):
        self.source = source
        self.problems = list(problems)
        count = len(self.problems)
        super().__init__(f"{source}: {count} bad row{'s' if count != 1 else ''}")


class PluginError(ShopError):
    """A plugin that can't be loaded, or that broke a rule."""


class TemplateError(ShopError):
    """A document template with a mistake in it."""
