from behave import then, when

from stock import parse


@when('"{text}" is parsed')
def step_parse(context, text):
    try:
        context.result = parse(text)
    except ValueError as error:
        context.result = error


@when('"{text}" is added')
def step_add(context, text):
    context.result = context.result + parse(text)


@then('the result is "{text}"')
def step_result(context, text):
    assert str(context.result) == text, context.result
