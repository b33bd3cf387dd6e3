"""Stock: movements are only ever added, all else is worked out from them."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from shop import clock
from shop.domain.models import Movement
from shop.errors import InvalidState, InvalidValue, OutOfStock
from shop.log import logged

# What one piece of each kind of movement does to (on hand, reserved).
EFFECTS = {
    "receipt": (1, 0),
    "reserve": (0, 1),
    "release": (0, -1),
    "issue": (-1, -1),
    "return": (1, 0),
    "adjust": (1, 0),
}


@dataclass(frozen=True)
class Level:
    """How much there is of a product."""

    on_hand: int = 0
    reserved: int = 0

    @property
    def available(self):
        return self.on_hand - self.reserved


@dataclass(frozen=True)
class Proposal:
    sku: str
    quantity: int
    reason: str


class Stock:
    """The stock of one store."""

    def __init__(self, store):
        self.store = store

    def level(self, sku):
        on_hand = reserved = 0
        rows = self.store.database.rows(
            "SELECT kind, SUM(quantity) AS total FROM movements WHERE sku = ? GROUP BY kind",
            (sku,))
        for row in rows:
            hand, held = EFFECTS[row["kind"]]
            on_hand += hand * row["total"]
            reserved += held * row["total"]
        return Level(on_hand, reserved)

    def levels(self):
        """The levels of everything that ever moved."""
        sums = defaultdict(lambda: [0, 0])
        for movement in self.store.movements:
            hand, held = EFFECTS[movement.kind]
            sums[movement.sku][0] += hand * movement.quantity
            sums[movement.sku][1] += held * movement.quantity
        return {sku: Level(*pair) for sku, pair in sorted(sums.items())}

    def _move(self, sku, kind, quantity, cost=0, reference=""):
        day = clock.today().isoformat()
        return self.store.movements.add(Movement(sku, day, kind, quantity, cost, reference))

    def receive(self, sku, quantity, cost, reference=""):
        """Goods come in; `cost` is cents a piece."""
        if quantity <= 0:
            raise InvalidValue(f"{sku}: can't receive {quantity}")
        self.store.products.get(sku)
        return self._move(sku, "receipt", quantity, cost, reference)

    @logged
    def reserve(self, sku, quantity, reference):
        available = self.level(sku).available
        if available < quantity:
            raise OutOfStock(sku, quantity, available)
        return self._move(sku, "reserve", quantity, reference=reference)

    def release(self, sku, quantity, reference):
        if self.level(sku).reserved < quantity:
            raise InvalidState(f"{sku}: less than {quantity} reserved")
        return self._move(sku, "release", quantity, reference=reference)

    def issue(self, sku, quantity, reference):
        """Reserved goods go out."""
        if self.level(sku).reserved < quantity:
            raise InvalidState(f"{sku}: less than {quantity} reserved")
        return self._move(sku, "issue", quantity, reference=reference)

    def take_back(self, sku, quantity, reference):
        return self._move(sku, "return", quantity, reference=reference)

    def count(self, counted):
        """Stock-taking: `counted` maps article numbers to pieces. Returns the differences."""
        differences = {}
        with self.store.transaction():
            for sku, pieces in sorted(counted.items()):
                difference = pieces - self.level(sku).on_hand
                if difference:
                    self._move(sku, "adjust", difference, reference="stock-taking")
                    differences[sku] = difference
        return differences

    def value(self, sku, method="fifo"):
        """What the pieces on hand have cost, in cents."""
        movements = self.store.movements.find(sku=sku)
        match method:
            case "fifo":
                return sum(quantity * cost for quantity, cost in _fifo_layers(movements))
            case "average":
                quantity = total = 0
                for movement in movements:
                    hand = EFFECTS[movement.kind][0] * movement.quantity
                    if movement.kind == "receipt":
                        total += hand * movement.cost
                    elif quantity:
                        total += round(hand * total / quantity)
                    quantity += hand
                return total
            case "last":
                receipts = [m for m in movements if m.kind == "receipt"]
                return self.level(sku).on_hand * receipts[-1].cost if receipts else 0
            case _:
                raise InvalidValue(f"no such valuation: {method}")

    def total_value(self, method="fifo"):
        return sum(self.value(sku, method) for sku in self.levels())

    def demand(self, sku, days):
        """Pieces that went out in the last `days` days."""
        return self.store.database.scalar(
            "SELECT SUM(quantity) FROM movements WHERE sku = ? AND kind = 'issue' AND day > ?",
            (sku, clock.parse_date(f"-{days}d").isoformat()), default=0)

    def propose_orders(self, days=90, lead_days=14, order_cost=1500, holding_rate=0.2):
        """What to order anew: products below their reorder point, in economic lots."""
        proposals = []
        for sku, level in self.levels().items():
            product = self.store.products.get(sku)
            if product.retired:
                continue
            sold = self.demand(sku, days)
            if not sold:
                continue
            daily = sold / days
            reorder_point = math.ceil(daily * lead_days + 1.65 * math.sqrt(daily * lead_days))
            if level.available > reorder_point:
                continue
            holding = max(1.0, product.price * holding_rate)
            lot = math.ceil(math.sqrt(2 * daily * 365 * order_cost / holding))
            shortage = reorder_point - level.available
            quantity = max(lot, shortage)
            proposals.append(Proposal(
                sku, quantity,
                f"{level.available} available, reorder point {reorder_point}"))
        return proposals


def _fifo_layers(movements):
    """What is left of the receipts when the oldest pieces go out first."""
    layers = deque()
    last_cost = 0
    for movement in movements:
        pieces = EFFECTS[movement.kind][0] * movement.quantity
        if movement.kind == "receipt":
            last_cost = movement.cost
        if pieces > 0:
            layers.append([pieces, last_cost])
            continue
        left = -pieces
        while left and layers:
            taken = min(left, layers[0][0])
            layers[0][0] -= taken
            left -= taken
            if not layers[0][0]:
                layers.popleft()
    return [(quantity, cost) for quantity, cost in layers]
