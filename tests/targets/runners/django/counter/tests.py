"""A class a process: Django's parallel runner hands them out."""

from tempfile import TemporaryDirectory

from django.test import TestCase
from shop.errors import InvalidValue
from shop.pricing.tax import TaxPolicy
from shop.query.evaluate import search
from shop.work.spool import Spool, work

from counter.models import Sale


class SaleTest(TestCase):
    def test_what_is_sold_is_kept(self):
        Sale.objects.create(price="€ 3,50")
        self.assertEqual([sale.money.cents for sale in Sale.objects.all()], [350])

    def test_what_is_no_price_is_refused(self):
        with self.assertRaises(InvalidValue):
            Sale.objects.create(price="much").money


class TaxTest(TestCase):
    def test_the_customers_rate(self):
        self.assertEqual(TaxPolicy().rate("standard", "AT"), 20)


class QueryTest(TestCase):
    def test_sales_are_found(self):
        Sale.objects.create(price="2")
        found = search("price>1", [{"price": sale.money.cents} for sale in Sale.objects.all()])
        self.assertEqual(len(found), 1)


class SpoolTest(TestCase):
    def test_a_job_is_done_by_a_child(self):
        spool = Spool(self.enterContext(TemporaryDirectory()))
        spool.submit("one", "echo", text="hello")
        self.assertEqual([outcome.detail for outcome in work(spool)], ["hello"])
