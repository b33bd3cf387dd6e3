"""Invoices and reminders as text."""

from shop.errors import InvalidValue
from shop.reports.template import render

LIBRARY = {
    "head": "{{ shop }}\n{{ customer.name }} ({{ customer.country }})\n",
    "invoice": (
        "{% include head %}"
        "Invoice {{ invoice.number }} of {{ invoice.issued_on }}\n\n"
        "{% for line in lines %}"
        "{{ loop.number|right:2 }}  {{ line.sku|pad:10 }} {{ line.quantity|right:4 }}"
        " {{ line.amount|money|right:10 }}\n"
        "{% else %}(no lines)\n"
        "{% end %}"
        "{% if order.shipping > 0 %}    shipping {{ order.shipping|money|right:16 }}\n{% end %}"
        "{% if order.tax > 0 %}    tax {{ order.tax|money|right:21 }}"
        "{% else %}    no tax is due{% end %}\n"
        "    total {{ invoice.total|money|right:19 }}\n"
        "Please pay until {{ invoice.due_on }}.\n"
    ),
    "reminder": (
        "{% include head %}"
        "{% if invoice.level == 1 %}A friendly reminder"
        "{% else %}Reminder number {{ invoice.level }}{% end %}: invoice {{ invoice.number }}, "
        "due on {{ invoice.due_on }}, {{ invoice.open|de }} open.\n"
    ),
    "delivery": (
        "{% include head %}Delivery note for order {{ order.id }}\n"
        "{# prices are left out on purpose #}"
        "{% for line in lines %}[ ] {{ line.quantity|right:4 }} x {{ line.sku }}"
        "{% if loop.last %}.{% else %},{% end %}\n{% end %}"
        "{{ order.note|default:no remarks }}\n"
    ),
}


def document(kind, store, order=None, invoice=None, shop="Corner Shop"):
    """One of the documents above, for an order or for an invoice."""
    if kind not in LIBRARY or kind == "head":
        raise InvalidValue(f"no such document: {kind}")
    if order is None:
        order = store.orders.get(invoice.order_id)
    scope = {
        "shop": shop,
        "customer": store.customer_of(order),
        "order": order,
        "invoice": invoice,
        "lines": store.lines_of(order),
    }
    return render(LIBRARY[kind], scope, LIBRARY)
