"""Amounts and taxes, within the process."""

import unittest
from decimal import Decimal

from shop.errors import InvalidValue
from shop.money import Money, round_cents
from shop.pricing.tax import TaxPolicy


class MoneyTest(unittest.TestCase):
    def test_german_and_english_notation_are_read_alike(self):
        self.assertEqual(Money.parse("1.234,50"), Money.parse("1,234.50"))

    def test_a_symbol_names_the_currency(self):
        self.assertEqual(Money.parse("$ 3"), Money(300, "USD"))

    def test_what_is_no_amount_is_refused(self):
        for text in "", "abc", "1.2345":
            with self.subTest(text), self.assertRaises(InvalidValue):
                Money.parse(text)

    def test_parts_add_up_to_the_whole(self):
        self.assertEqual(sum(Money(100).allocate([1, 1, 1])), Money(100))

    def test_currencies_do_not_mix(self):
        with self.assertRaises(InvalidValue):
            Money(1) + Money(1, "USD")

    def test_halves_are_rounded_as_asked(self):
        self.assertEqual([round_cents(Decimal("2.5"), mode) for mode in ("half_up", "half_even")], [3, 2])


class TaxTest(unittest.TestCase):
    def test_the_home_country_taxes_by_its_own_rates(self):
        self.assertEqual(TaxPolicy().rate("reduced", "DE"), 7)

    def test_a_business_abroad_owes_the_tax_itself(self):
        self.assertEqual(TaxPolicy().treatment("AT", business=True), "reverse")

    def test_tax_is_split_by_rate(self):
        lines = TaxPolicy(rounding="total").split([("standard", 1000), ("reduced", 500)], "DE")
        self.assertEqual([line.tax for line in lines], [190, 35])
