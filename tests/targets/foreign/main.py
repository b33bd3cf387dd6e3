"""Runs the part of the shop that the first argument names."""
import sys

from shop import cart


def test_day():
    return cart.price(2, member=True)


def test_night():
    basket = cart.Cart([3, 0, 7])
    return basket.total() + cart.price(0)


def main(part):
    if part == "day":
        return test_day()
    elif part == "night":
        return test_night()
    return cart.unknown(part)


print(main(sys.argv[1]))
