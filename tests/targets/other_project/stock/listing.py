"""A store as text."""


def lines(store, title=None):
    if title is not None:
        yield title
        yield "-" * len(title)
    width = max(map(len, store.names), default=0)
    for name in store.names:
        yield f"{name:<{width}}  {store.goods[name]}"


def render(store, **options):
    text = "\n".join(lines(store, **options))
    return text if text else "empty"


class Html:
    """Nobody uses this yet."""

    def render(self, store):
        rows = [f"<li>{line}</li>" for line in lines(store)]
        return "<ul>" + "".join(rows) + "</ul>"
