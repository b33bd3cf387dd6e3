"""Runs parts of the package stock under contexts of coverage.py's `test_function`."""

from stock import Store, StoreError


class TestStore:
    """Its methods' names are contexts, too."""

    def test_take(self):
        store = Store()
        store.put("salt", "3 kg")
        store.take("salt", "1 kg")


def test_refusal():
    store = Store()
    store.put("tea", "200 g")
    for amount in "300 g", "1 kg":
        try:
            store.take("tea", amount)
        except StoreError:
            continue
        if amount:
            raise AssertionError


TestStore().test_take()
test_refusal()
