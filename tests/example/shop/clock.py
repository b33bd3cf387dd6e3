"""Dates. The shop never asks the machine for the day: tests and late-night runs need their own."""

import os
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from functools import lru_cache

from shop.errors import InvalidValue

_today = ContextVar("today", default=None)
_FIXED = {"DE": [(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)],
          "AT": [(1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 25), (12, 26)],
          "FR": [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]}
_EASTER = {"DE": [-2, 1, 39, 50], "AT": [1, 39, 50, 60], "FR": [1, 39, 50]}


def today():
    """The shop's day: what `frozen` set, else SHOP_TODAY, else the machine's."""
    value = _today.get()
    if value is not None:
        return value
    text = os.environ.get("SHOP_TODAY")
    if text:
        return parse_date(text)
    return date.today()


@contextmanager
def frozen(day):
    """Let it be `day` inside the block."""
    token = _today.set(parse_date(day) if isinstance(day, str) else day)
    try:
        yield _today.get()
    finally:
        _today.reset(token)


def parse_date(text):
    """ISO dates, German dates, and offsets from today such as '+3d', '-2w' or '+1m'."""
    text = text.strip()
    if found := re.fullmatch(r"([+-]\d+)([dwmy])", text):
        amount = int(found[1])
        match found[2]:
            case "d":
                return today() + timedelta(days=amount)
            case "w":
                return today() + timedelta(weeks=amount)
            case "m":
                return add_months(today(), amount)
            case _:
                return add_months(today(), 12 * amount)
    try:
        if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(f"not a date: {text!r}") from None


def add_months(day, count):
    """The same day `count` months on, or the month's last one."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, days_in_month(year, month)))


def days_in_month(year, month):
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


@lru_cache(maxsize=None)
def easter(year):
    """Easter Sunday in the Gregorian calendar."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, century_rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * century_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=None)
def holidays(year, country="DE"):
    """The public holidays of a year, as a frozen set."""
    if country not in _FIXED:
        raise InvalidValue(f"no calendar for {country}")
    fixed = {date(year, month, day) for month, day in _FIXED[country]}
    moving = {easter(year) + timedelta(days=offset) for offset in _EASTER[country]}
    return frozenset(fixed | moving)


def is_business_day(day, country="DE"):
    return day.weekday() < 5 and day not in holidays(day.year, country)


def add_business_days(day, count, country="DE"):
    """`count` business days on, or back if `count` is negative."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        if is_business_day(day, country):
            left -= 1
    return day


def month_range(first, last):
    """Every month from `first` to `last` as 'YYYY-MM'."""
    day = first.replace(day=1)
    while day <= last:
        yield f"{day:%Y-%m}"
        day = add_months(day, 1)
