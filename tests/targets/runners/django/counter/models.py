"""What the shop has sold."""

from django.db import models
from shop.money import Money


class Sale(models.Model):
    price = models.CharField(max_length=20)

    @property
    def money(self):
        return Money.parse(self.price)
