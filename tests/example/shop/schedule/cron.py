"""The five fields of cron: minute, hour, day, month, weekday."""

from datetime import datetime, timedelta

from shop.errors import InvalidValue

FIELDS = [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 6)]
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
ALIASES = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0",
           "@monthly": "0 0 1 * *"}


class Cron:
    """An expression, ready to be asked for times."""

    def __init__(self, text):
        self.text = text
        parts = ALIASES.get(text, text).split()
        if len(parts) != len(FIELDS):
            raise InvalidValue(f"cron needs five fields: {text!r}")
        self.fields = [
            self._parse(part, *field) for part, field in zip(parts, FIELDS)
        ]
        self.any_day = parts[2] == "*"
        self.any_weekday = parts[4] == "*"

    @staticmethod
    def _number(text, name, low, high):
        names = {"month": MONTHS, "weekday": DAYS}.get(name, [])
        if text.lower() in names:
            return names.index(text.lower()) + low
        if not text.isdigit():
            raise InvalidValue(f"cron: not a {name}: {text!r}")
        value = int(text)
        if name == "weekday" and value == 7:
            value = 0
        if not low <= value <= high:
            raise InvalidValue(f"cron: {name} {value} is out of range")
        return value

    @classmethod
    def _parse(cls, text, name, low, high):
        allowed = set()
        for part in text.split(","):
            body, _, step = part.partition("/")
            if step and not (step.isdigit() and int(step)):
                raise InvalidValue(f"cron: not a step: {step!r}")
            if body == "*":
                first, last = low, high
            elif "-" in body:
                first, last = (cls._number(end, name, low, high) for end in body.split("-", 1))
                if first > last:
                    raise InvalidValue(f"cron: {name} range is the wrong way round")
            else:
                first = cls._number(body, name, low, high)
                last = high if step else first
            allowed.update(range(first, last + 1, int(step or 1)))
        return allowed

    def _day_fits(self, moment):
        weekday = (moment.weekday() + 1) % 7 in self.fields[4]
        day = moment.day in self.fields[2]
        if self.any_day or self.any_weekday:
            return day and weekday
        # As in cron: if both are restricted, one of them is enough.
        return day or weekday

    def next(self, after):
        """The first minute after a moment, within five years."""
        minutes, hours, _, months, _ = self.fields
        moment = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = after + timedelta(days=5 * 366)
        while moment < end:
            if moment.month not in months:
                moment = _first_of_next_month(moment)
            elif not self._day_fits(moment):
                moment = moment.replace(hour=0, minute=0) + timedelta(days=1)
            elif moment.hour not in hours:
                moment = moment.replace(minute=0) + timedelta(hours=1)
            elif moment.minute not in minutes:
                moment += timedelta(minutes=1)
            else:
                return moment
        raise InvalidValue(f"cron: {self.text!r} never comes")

    def between(self, start, end):
        moment = self.next(start)
        while moment <= end:
            yield moment
            moment = self.next(moment)


def _first_of_next_month(moment):
    year, month = divmod(12 * moment.year + moment.month, 12)
    return datetime(year, month + 1, 1)
