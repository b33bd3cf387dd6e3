"""Prices, with branches of many kinds."""

RATES = {
    "member": 0.9,
    "guest": 1.0,
}


def price(
    count,
    member=False,
):
    rate = RATES[
        "member" if member else "guest"
    ]
    if not count:
        return 0
    return (count *
            rate)


def unknown(part):
    raise ValueError(
        f"there is no {part}")


class Cart:
    """What is bought."""

    limit = 100

    def __init__(self, counts):
        self.counts = counts

    def total(self):
        result = 0
        for count in self.counts:
            if count == 0:
                continue
            while count > 5:
                count -= 1
                result += 1
            result += price(count)
        else:
            result += 1
        try:
            result //= len(self.counts)
        except ZeroDivisionError:
            result = -1
        finally:
            self.counts = []
        return min(result, self.limit)

    def never(self):
        if self.counts:
            return [count for count in self.counts if count]
        return lambda: None
