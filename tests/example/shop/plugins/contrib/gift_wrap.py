"""Gift wrap: books cost 0 to wrap; other things are not wrapped, and a note says so."""


def register(hooks):
    @hooks.on("pricing", priority=-10)
    def wrap(basket, notes):
        wrappable = [line.sku for line in basket.lines if line.category == "books"]
        if wrappable:
            notes.append(f"gift wrap for {', '.join(wrappable)}")
