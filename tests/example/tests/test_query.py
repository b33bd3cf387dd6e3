"""Queries and recurrences, within the process."""

import unittest

from shop.errors import QuerySyntaxError
from shop.query.evaluate import search
from shop.schedule.cron import Cron
from shop.schedule.jobs import parse_moment

RECORDS = [
    {"sku": "HAM-500", "name": "hammer", "price": 1250},
    {"sku": "NAI-060", "name": "nails", "price": 420},
    {"sku": "SAW-010", "name": "saw", "price": 1890},
]


def found(query):
    return [record["name"] for record in search(query, RECORDS)]


class QueryTest(unittest.TestCase):
    def test_a_word_is_looked_for_in_all_texts(self):
        self.assertEqual(found("ham*"), ["hammer"])

    def test_conditions_are_joined_and_turned_round(self):
        self.assertEqual(found("price>5 and not (name=saw or name:nails)"), ["hammer"])

    def test_results_are_sorted_and_cut_off(self):
        self.assertEqual(found("* sort:-price limit:2"), ["saw", "hammer"])

    def test_an_open_parenthesis_is_named(self):
        with self.assertRaises(QuerySyntaxError):
            found("(price>5")


class CronTest(unittest.TestCase):
    def test_the_next_time_of_an_expression(self):
        self.assertEqual(Cron("30 6 * * *").next(parse_moment("2024-03-15 07:00")),
                         parse_moment("2024-03-16 06:30"))
