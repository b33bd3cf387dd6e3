"""What is paid."""


class Till:
    def __init__(self):
        self.coins = []

    def take(self, amount, tip=0):
        if amount < 0:
            raise ValueError(
                "not negative",
            )
        self.coins.append(amount)
        if tip:
            self.coins.append(tip)

    def count(self):
        return sum(
            self.coins
        )


def close(till):
    total = till.count()
    if total > 100:
        print("much")
    return total


def audit():  # pragma: no cover
    return 1
