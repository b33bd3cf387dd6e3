"""The records. Amounts are whole cents of the shop's currency, days are ISO strings."""

from dataclasses import dataclass
from typing import Optional


@dataclass
class Customer:
    code: str
    name: str
    country: str
    vat_id: str = ""
    email: str = ""
    id: Optional[int] = None

    @property
    def is_business(self):
        return bool(self.vat_id)


@dataclass
class Product:
    sku: str
    name: str
    category: str
    price: int
    weight: int = 0
    tax_class: str = "standard"
    retired: int = 0
    id: Optional[int] = None


@dataclass
class Order:
    customer_id: int
    state: str = "draft"
    placed_on: Optional[str] = None
    note: str = ""
    coupon: str = ""
    net: int = 0
    tax: int = 0
    shipping: int = 0
    id: Optional[int] = None

    @property
    def total(self):
        return self.net + self.tax + self.shipping


@dataclass
class Line:
    order_id: int
    sku: str
    quantity: int
    unit_price: int
    discount: int = 0
    id: Optional[int] = None

    @property
    def amount(self):
        return self.quantity * self.unit_price - self.discount


@dataclass
class Movement:
    """A change of stock: kinds are receipt, reserve, release, issue, return, adjust."""

    sku: str
    day: str
    kind: str
    quantity: int
    cost: int = 0
    reference: str = ""
    id: Optional[int] = None


@dataclass
class Invoice:
    number: str
    order_id: int
    customer_id: int
    issued_on: str
    due_on: str
    total: int
    paid: int = 0
    level: int = 0
    kind: str = "invoice"
    id: Optional[int] = None

    @property
    def open(self):
        return self.total - self.paid


@dataclass
class Payment:
    customer_id: int
    received_on: str
    amount: int
    reference: str = ""
    unused: int = 0
    id: Optional[int] = None


@dataclass
class Job:
    name: str
    schedule: str
    last_run: Optional[str] = None
    id: Optional[int] = None
