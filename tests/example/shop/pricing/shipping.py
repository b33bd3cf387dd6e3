"""Shipping: how to pack an order into parcels, and what they cost."""

from dataclasses import dataclass, field

from shop.errors import InvalidValue

ZONES = {"DE": 1, "AT": 2, "FR": 2, "BE": 2, "NL": 2, "IT": 2, "PL": 2}
WORLD = 3
# The heaviest parcel in grams, and its price in zones 1 to 3.
TIERS = [
    (500, (390, 890, 1690)),
    (2000, (549, 1190, 2490)),
    (5000, (699, 1590, 3990)),
    (10000, (949, 1990, 5690)),
    (31500, (1649, 3290, 9900)),
]
MAXIMUM = TIERS[-1][0]


@dataclass
class Parcel:
    weight: int = 0
    items: list = field(default_factory=list)

    def put(self, sku, weight):
        self.items.append(sku)
        self.weight += weight


def zone(country):
    return ZONES.get(country, WORLD)


def parcel_price(weight, zone_number):
    for limit, prices in TIERS:
        if weight <= limit:
            return prices[zone_number - 1]
    raise InvalidValue(f"{weight} g is too heavy for a parcel")


def pack(pieces, limit=MAXIMUM):
    """Parcels for (sku, weight) pieces: the heaviest first, each into the fullest that fits."""
    parcels = []
    for sku, weight in sorted(pieces, key=lambda piece: (-piece[1], piece[0])):
        if weight > limit:
            raise InvalidValue(f"{sku}: {weight} g is too heavy for a parcel")
        best = None
        for parcel in parcels:
            if parcel.weight + weight <= limit and (best is None or parcel.weight > best.weight):
                best = parcel
        if best is None:
            best = Parcel()
            parcels.append(best)
        best.put(sku, weight)
    return parcels


def cheapest_packing(pieces, zone_number):
    """Try the limit of each tier: many light parcels may cost less than one heavy one."""
    heaviest = max((weight for _, weight in pieces), default=0)
    best = None
    for limit, _ in TIERS:
        if limit < heaviest:
            continue
        parcels = pack(pieces, limit)
        price = sum(parcel_price(parcel.weight, zone_number) for parcel in parcels)
        if best is None or price < best[0]:
            best = (price, parcels)
    if best is None:
        raise InvalidValue(f"{heaviest} g is too heavy for a parcel")
    return best
