"""Recurring days, in words: 'every 2 weeks on mon, fri until 2024-12-31'.

    every [N] day|week|month|year[s] [on WHAT] [until DAY | N times] [except holidays]
    WHAT is weekdays for weeks, and a number, 'last', or 'first mon' … 'last fri' for months.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Optional

from shop import clock
from shop.errors import InvalidValue

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_RULE = re.compile(
    r"every (?:(?P<interval>\d+) )?(?P<unit>day|week|month|year)s?"
    r"(?: on (?P<on>.+?))?"
    r"(?: until (?P<until>\S+)| (?P<count>\d+) times)?"
    r"(?P<skip> except holidays)?$"
)


@dataclass(frozen=True)
class Recurrence:
    unit: str
    interval: int = 1
    on: tuple = ()
    until: Optional[date] = None
    count: Optional[int] = None
    skip_holidays: bool = False

    @classmethod
    def parse(cls, text):
        found = _RULE.match(" ".join(text.lower().split()))
        if not found:
            raise InvalidValue(f"not a recurrence: {text!r}")
        unit = found["unit"]
        interval = int(found["interval"] or 1)
        if interval == 0:
            raise InvalidValue("every 0 is never")
        on = tuple(_parse_on(unit, part.strip()) for part in (found["on"] or "").split(",") if part)
        until = clock.parse_date(found["until"]) if found["until"] else None
        count = int(found["count"]) if found["count"] else None
        return cls(unit, interval, on, until, count, bool(found["skip"]))

    def days(self, start):
        """The days from `start` on, without end unless the rule has one."""
        produced = 0
        for day in self._candidates(start):
            if self.until is not None and day > self.until:
                return
            if self.skip_holidays and not clock.is_business_day(day):
                continue
            yield day
            produced += 1
            if produced == self.count:
                return

    def _candidates(self, start):
        match self.unit:
            case "day":
                day = start
                while True:
                    yield day
                    day += timedelta(days=self.interval)
            case "week":
                monday = start - timedelta(days=start.weekday())
                places = sorted(self.on) or [start.weekday()]
                while True:
                    for place in places:
                        day = monday + timedelta(days=place)
                        if day >= start:
                            yield day
                    monday += timedelta(weeks=self.interval)
            case "month":
                yield from self._monthly(start, self.interval)
            case _:
                yield from self._monthly(start, 12 * self.interval)

    def _monthly(self, start, months):
        places = self.on or (start.day,)
        first = start.replace(day=1)
        step = 0
        while True:
            month = clock.add_months(first, step)
            for day in sorted({_in_month(month, place) for place in places}):
                if day >= start:
                    yield day
            step += months

    def take(self, start, count):
        return list(islice(self.days(start), count))

    def next_after(self, start, day):
        """The first day of the series after `day`, or None."""
        return next((found for found in self.days(start) if found > day), None)


def _parse_on(unit, text):
    if unit == "week" and text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if unit in ("month", "year"):
        if text == "last":
            return 31
        if text.isdigit() and 1 <= int(text) <= 31:
            return int(text)
        ordinal, _, weekday = text.partition(" ")
        if ordinal in ORDINALS and weekday in WEEKDAYS:
            return ORDINALS[ordinal], WEEKDAYS.index(weekday)
    raise InvalidValue(f"not a day of a {unit}: {text!r}")


def _in_month(month, place):
    if isinstance(place, int):
        return month.replace(day=min(place, clock.days_in_month(month.year, month.month)))
    ordinal, weekday = place
    if ordinal >= 0:
        return month + timedelta(days=(weekday - month.weekday()) % 7 + 7 * ordinal)
    last = month.replace(day=clock.days_in_month(month.year, month.month))
    return last - timedelta(days=(last.weekday() - weekday) % 7)
