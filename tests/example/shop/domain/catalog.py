"""Products and customers: their codes, and the rules for both."""

import re

from shop.domain.models import Customer, Product
from shop.errors import InvalidState, InvalidValue

TAX_CLASSES = ("standard", "reduced", "zero")
_SKU = re.compile(r"([A-Z0-9]{3})-([A-Z0-9]{3})-(\d)$")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_digit(body):
    """The last digit of an article number: a weighted sum modulo 10 over its other characters."""
    total = 0
    for place, character in enumerate(body.replace("-", "")):
        total += _ALPHABET.index(character) * (3 if place % 2 else 1)
    return str(-total % 10)


def make_sku(prefix, body):
    """A whole article number from its two parts."""
    stem = f"{prefix.upper()[:3]:0<3}-{body.upper()[:3]:0>3}"
    return f"{stem}-{check_digit(stem)}"


def validate_sku(sku):
    found = _SKU.match(sku)
    if not found:
        raise InvalidValue(f"not an article number: {sku!r}")
    expected = check_digit(sku[:-2])
    if found[3] != expected:
        raise InvalidValue(f"{sku}: check digit {found[3]}, {expected} expected")
    return sku


def validate_vat_id(vat_id):
    """The form and, where there is a simple one, the checksum of a VAT number."""
    country, number = vat_id[:2], vat_id[2:]
    match country:
        case "DE":
            if not re.fullmatch(r"\d{9}", number):
                raise InvalidValue(f"not a German VAT number: {vat_id}")
            product = 10
            for digit in number[:8]:
                total = (int(digit) + product) % 10 or 10
                product = 2 * total % 11
            if (11 - product) % 10 != int(number[8]):
                raise InvalidValue(f"checksum of {vat_id} is wrong")
        case "FR":
            if not re.fullmatch(r"\d{11}", number):
                raise InvalidValue(f"not a French VAT number: {vat_id}")
            if (12 + 3 * (int(number[2:]) % 97)) % 97 != int(number[:2]):
                raise InvalidValue(f"checksum of {vat_id} is wrong")
        case "AT":
            if not re.fullmatch(r"U\d{8}", number):
                raise InvalidValue(f"not an Austrian VAT number: {vat_id}")
        case _:
            raise InvalidValue(f"no VAT numbers known for {country!r}")
    return vat_id


class Catalog:
    """Products and customers of one store."""

    def __init__(self, store):
        self.store = store

    def add_product(self, sku, name, category, price, weight=0, tax_class="standard"):
        validate_sku(sku)
        if self.store.products.first(sku=sku):
            raise InvalidState(f"{sku} is there already")
        if price < 0 or weight < 0:
            raise InvalidValue(f"{sku}: price and weight can't be negative")
        if tax_class not in TAX_CLASSES:
            raise InvalidValue(f"no such tax class: {tax_class}")
        product = Product(sku, " ".join(name.split()), category, price, weight, tax_class)
        return self.store.products.add(product)

    def add_customer(self, code, name, country, vat_id="", email=""):
        if not re.fullmatch(r"C-[A-Z0-9]{2,12}", code):
            raise InvalidValue(f"not a customer code: {code!r}")
        if self.store.customers.first(code=code):
            raise InvalidState(f"{code} is there already")
        if vat_id:
            validate_vat_id(vat_id)
        if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", email):
            raise InvalidValue(f"not an address: {email!r}")
        return self.store.customers.add(Customer(code, name, country.upper(), vat_id, email))

    def reprice(self, category, percent):
        """Change the prices of a category; returns how many changed. Prices end in 0, 5 or 9."""
        changed = 0
        with self.store.transaction():
            for product in self.store.products.find(category=category, retired=0):
                price = _pretty_price(product.price * (100 + percent) // 100)
                if price != product.price:
                    product.price = price
                    self.store.products.save(product)
                    changed += 1
        return changed

    def retire(self, sku):
        """Take a product out of sale. What is on open orders stays there."""
        product = self.store.products.get(sku)
        if product.retired:
            raise InvalidState(f"{sku} is retired already")
        product.retired = 1
        return self.store.products.save(product)

    def categories(self):
        """Names and sizes of the categories."""
        rows = self.store.database.rows(
            "SELECT category, COUNT(*) AS size FROM products WHERE retired = 0 "
            "GROUP BY category ORDER BY category")
        return {row["category"]: row["size"] for row in rows}


def _pretty_price(cents):
    last = cents % 10
    if last in (0, 5, 9):
        return cents
    return cents + (5 - last if last < 5 else 9 - last)
