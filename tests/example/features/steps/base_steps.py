"""Money, days, configuration, logging."""

import json
import logging

from behave import given, then, when

from shop import clock, config, log
from shop.money import Money


def money(text):
    """'12.50' or '12.50 USD'."""
    return Money.parse(text)


# Money


@when('I read the amount "{text}"')
def step_read(context, text):
    context.world.attempt(Money.parse, text)


@when('I read the amount "{text}" in {currency}')
def step_read_in(context, text, currency):
    context.world.attempt(Money.parse, text, currency)


@then("it is {cents:d} cents of {currency}")
def step_cents(context, cents, currency):
    assert context.world.result == Money(cents, currency), context.world.result


@when("I write {cents:d} cents of {currency} in the style {style}")
def step_write(context, cents, currency, style):
    context.world.attempt(Money(cents, currency).format, style)


@when("I compute {left} plus {right}")
def step_plus(context, left, right):
    context.world.attempt(lambda: money(left) + money(right))


@when("I compute {left} minus {right}")
def step_minus(context, left, right):
    context.world.attempt(lambda: money(left) - money(right))


@when("I compute {left} times {factor}")
def step_times(context, left, factor):
    context.world.attempt(lambda: factor and money(left) * factor)


@when("I compute {rate} percent of {amount}")
def step_percent(context, rate, amount):
    context.world.attempt(money(amount).percent, rate)


@when("I compute {rate} percent, rounded {mode}, of {amount}")
def step_percent_rounded(context, rate, amount, mode):
    context.world.attempt(money(amount).percent, rate, mode)


@when("I add up the amounts {amounts}")
def step_sum(context, amounts):
    context.world.attempt(lambda: sum(map(money, amounts.split(", "))))


@when("I add the number {number:d} to {amount}")
def step_add_number(context, number, amount):
    context.world.attempt(lambda: number + money(amount))


@when("I sort the amounts {amounts}")
def step_sort(context, amounts):
    context.world.attempt(lambda: sorted(map(money, amounts.split(", "))))


@when("I split {amount} by {weights}")
def step_split(context, amount, weights):
    context.world.attempt(money(amount).allocate, [int(w) for w in weights.split(":")])


@then("the parts are {parts}")
def step_parts(context, parts):
    actual = ", ".join(map(str, context.world.result))
    assert actual == parts, actual


@then("{left} is less than {right}")
def step_less(context, left, right):
    assert money(left) < money(right) and money(right) >= money(left)
    assert bool(money(right)) and -money(left) + money(left) == Money.zero()


@when("I split every amount up to {limit:d} cents among {people:d} people")
def step_split_all(context, limit, people):
    weights = list(range(1, people + 1))
    context.world.result = 0
    for cents in range(limit):
        parts = Money(cents).allocate(weights)
        assert sum(parts) == Money(cents), cents
        assert parts == sorted(parts), parts
        context.world.result += 1


# Days


@when('I read the day "{text}"')
def step_read_day(context, text):
    context.world.attempt(clock.parse_date, text)


@when("I ask for Easter {year:d}")
def step_easter(context, year):
    context.world.attempt(clock.easter, year)


@when("I ask for the holidays of {year:d} in {country}")
def step_holidays(context, year, country):
    context.world.attempt(lambda: sorted(clock.holidays(year, country)))


@then("there are {count:d} of them, the first on {first} and the last on {last}")
def step_holiday_span(context, count, first, last):
    days = context.world.result
    assert (len(days), str(days[0]), str(days[-1])) == (count, first, last), days


@then("{day} is one of them")
def step_is_holiday(context, day):
    assert clock.parse_date(day) in context.world.result, context.world.result


@when("I go {count:d} business days from {day} in {country}")
def step_business_days(context, count, day, country):
    context.world.attempt(
        lambda: clock.add_business_days(clock.parse_date(day), count, country))


@when("I go {count:d} months from {day}")
def step_months(context, count, day):
    context.world.attempt(lambda: clock.add_months(clock.parse_date(day), count))


@when("I list the months from {first} to {last}")
def step_month_list(context, first, last):
    context.world.attempt(
        lambda: " ".join(clock.month_range(clock.parse_date(first), clock.parse_date(last))))


@when("I count the business days of the years {first:d} to {last:d} in {country}")
def step_count_business_days(context, first, last, country):
    def count():
        total, day = 0, clock.parse_date(f"{first}-01-01")
        end = clock.parse_date(f"{last}-12-31")
        while True:
            following = clock.add_business_days(day, 1, country)
            if following > end:
                return total + clock.is_business_day(clock.parse_date(f"{first}-01-01"), country)
            day, total = following, total + 1

    context.world.attempt(count)


@when("I ask for the day without setting it, SHOP_TODAY being {value}")
def step_environment_day(context, value):
    context.world.start(f"shop --today {value} days 'every day' --count 1")
    context.world.result = context.world.out.strip()


# Configuration


@when('I load the configuration "{names}"')
def step_load(context, names):
    paths = [context.world.folder / name.strip() for name in names.split("and")]
    context.settings = context.world.attempt(config.load, paths, {})


@when('I load the configuration "{name}" with {variable}={value}')
def step_load_with(context, name, variable, value):
    context.settings = context.world.attempt(
        config.load, [context.world.folder / name], {variable: value})


@given("the configuration as it comes")
def step_load_defaults(context):
    context.settings = config.load((), {})


@when("I ask for the {kind} {section}.{key}")
def step_ask(context, kind, section, key):
    getter = {"text": "text", "switch": "boolean", "number": "integer", "list": "items",
              "duration": "seconds"}[kind]
    context.world.attempt(getattr(context.settings, getter), section, key)


@when("I write the settings and read them again")
def step_round_trip(context):
    path = context.world.folder / "again.conf"
    path.write_text(context.settings.dump(), encoding="utf-8")
    context.again = config.load([path], {})


@then("they are the same")
def step_same_settings(context):
    assert context.again.values == context.settings.values


@then("{count:d} files were read")
def step_files_read(context, count):
    assert len(context.settings.files) == count, context.settings.files


# Logging


@when("the log is collected while {step}")
def step_logged(context, step):
    with log.collected() as records:
        context.execute_steps(f"When {step}")
    context.records = records


@then("the log has {count:d} records, the last one of level {level}")
def step_records(context, count, level):
    assert len(context.records) == count, context.records
    assert context.records[-1].levelname.lower() == level


@then('a record says "{text}"')
def step_record_says(context, text):
    assert any(text in r.getMessage() for r in context.records), context.records


@when('I log "{message}" at {level} to "{name}" as {form}')
def step_log_to(context, message, level, name, form):
    handler = log.configure("info", str(context.world.folder / name), form == "JSON")
    logger = logging.getLogger("shop.example")
    try:
        if level == "exception":
            try:
                raise ValueError(message)
            except ValueError:
                logger.exception("it broke")
        else:
            logger.log(log.LEVELS[level], message, extra={"details": {"order": 7}})
    finally:
        log.shutdown(handler)


@when('I ask for the log level "{level}"')
def step_bad_level(context, level):
    context.world.attempt(log.configure, level)


@then('line {number:d} of "{name}" is JSON with {key} "{value}"')
def step_json_line(context, number, name, key, value):
    lines = (context.world.folder / name).read_text(encoding="utf-8").splitlines()
    assert str(json.loads(lines[number - 1])[key]) == value, lines
