"""Uses a part of the package stock."""

import io
from contextlib import redirect_stdout

from stock import Store, StoreError
from stock.__main__ import main
from stock.listing import render

store = Store()
store.put("salt", "3 kg")
store.put("tea", "200 g")
try:
    with store.transaction():
        store.take("salt", "5 kg")
except StoreError:
    pass
with redirect_stdout(io.StringIO()):
    main(["nowhere", "list"])
print(render(store))
