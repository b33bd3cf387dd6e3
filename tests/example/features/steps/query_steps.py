"""Queries, their SQL, and the full-text index."""

import random

from behave import given, then, when

from shop.query import parse, search
from shop.query.evaluate import matches, to_sql
from shop.query.index import Index, distance, stem, words
from shop.query.lexer import tokens

WORDS = ("hammer saw nail screw paint brush glove ladder drill bucket timber plaster hinge "
         "bracket sander chisel clamp level wrench socket").split()


@when("I search the products for `{query}`")
def step_search(context, query):
    context.world.attempt(
        lambda: " ".join(p.sku[:3] for p in search(query, context.world.store.products)) or "none")


@when("I search the shelf for `{query}`")
def step_search_shelf(context, query):
    context.world.attempt(
        lambda: " ".join(str(r["id"]) for r in search(query, context.shelf)) or "none")


@given("a shelf of")
def step_shelf(context):
    context.shelf = []
    for row in context.table:
        record = dict(zip(row.headings, row.cells))
        for name in ("stock", "price", "id"):
            if name in record:
                record[name] = int(record[name])
        context.shelf.append(record)


@when("I parse `{query}`")
def step_parse(context, query):
    context.world.attempt(parse, query)


@when("I take `{query}` apart")
def step_tokens(context, query):
    context.world.attempt(
        lambda: " ".join(f"{t.kind}:{t.text}" for t in tokens(query)))


@then("the pointer is below character {position:d}")
def step_pointer(context, position):
    error = context.world.error
    assert error.position == position, error.position
    assert error.pointer().splitlines()[1] == " " * position + "^"


@then("what it prints means the same again")
def step_parse_again(context):
    text = str(context.world.result)
    assert str(parse(text)) == text, (text, str(parse(text)))


@when("I translate `{query}` to SQL")
def step_sql(context, query):
    columns = {"sku", "name", "category", "price", "weight", "retired"}
    context.world.attempt(to_sql, parse(query), columns)


@then("the SQL is `{sql}` with {parameters}")
def step_sql_is(context, sql, parameters):
    if context.world.error is not None:
        raise context.world.error
    actual, values = context.world.result
    assert actual == sql, actual
    assert repr(values) == parameters, values


@then("SQLite finds the same as `{query}` in memory")
def step_sql_same(context, query):
    sql, values = context.world.result
    rows = context.world.store.database.rows(f"SELECT sku FROM products WHERE {sql}", values)
    found = [p.sku for p in search(query, context.world.store.products)]
    actual = [row["sku"] for row in rows]
    if "sort:" not in query:  # then SQLite is free to choose
        actual, found = sorted(actual), sorted(found)
    assert actual == found, (actual, found)


@when("I make up {count:d} queries with seed {seed:d} and run them over {size:d} records")
def step_random_queries(context, count, seed, size):
    """Each query, its printed form, and its negation are tried on all records."""
    rng = random.Random(seed)
    records = [
        {"name": f"{rng.choice(WORDS)} {rng.choice(WORDS)}", "category": rng.choice(WORDS[:5]),
         "price": rng.randrange(100, 9000), "stock": rng.randrange(50)}
        for _ in range(size)
    ]

    def term():
        match rng.randrange(5):
            case 0:
                return f"price{rng.choice(['<', '>', '<=', '>='])}{rng.randrange(1, 90)}"
            case 1:
                return f"stock:{rng.randrange(25)}..{rng.randrange(25, 50)}"
            case 2:
                return f"name~{rng.choice(WORDS)}"
            case 3:
                return f"category{rng.choice([':', '!='])}{rng.choice(WORDS[:5])}"
            case _:
                return rng.choice(WORDS)

    def expression(depth):
        if depth == 0:
            return term()
        joined = f" {rng.choice(['and', 'or'])} ".join(
            expression(depth - 1) for _ in range(rng.randrange(1, 4)))
        return f"{rng.choice(['', 'not '])}({joined})"

    context.checked = 0
    for _ in range(count):
        text = expression(rng.randrange(3))
        plain, again = parse(text).condition, parse(str(parse(text))).condition
        negated = parse(f"not ({text})").condition
        for record in records:
            verdict = matches(plain, record)
            assert matches(again, record) == verdict, text
            assert matches(negated, record) != verdict, text
            context.checked += 1


@then("{count:d} verdicts agree")
def step_verdicts(context, count):
    assert context.checked == count, context.checked


# The index


@given("an index of")
def step_index(context):
    context.index = Index()
    for row in context.table:
        context.index.add(row["key"], row["text"])


@given("an index of {count:d} made-up texts with seed {seed:d}")
def step_made_index(context, count, seed):
    rng = random.Random(seed)
    context.texts = [
        (f"D{number:04d}", " ".join(rng.choices(WORDS, k=rng.randrange(20, 60))))
        for number in range(count)
    ]
    context.index = Index()
    context.world.result = context.index.rebuild(context.texts)


@when("I search the index for {text}")
def step_search_index(context, text):
    context.world.attempt(lambda: " ".join(k for k, _ in context.index.search(text)) or "none")


@when("I search the index, at most {limit:d}, for {text}")
def step_search_index_limit(context, text, limit):
    context.world.attempt(
        lambda: " ".join(k for k, _ in context.index.search(text, limit)) or "none")


@when("the document {key} becomes {text}")
def step_replace_document(context, key, text):
    context.index.add(key, text)


@when("the document {key} is removed")
def step_remove_document(context, key):
    context.index.remove(key)


@then("the index has {count:d} documents and {size:d} words")
def step_index_size(context, count, size):
    actual = (len(context.index), len(context.index.vocabulary))
    assert actual == (count, size), actual


@when("the index is rebuilt {times:d} times")
def step_rebuild(context, times):
    results = {context.index.rebuild(context.texts) for _ in range(times)}
    assert len(results) == 1, results
    context.world.result = results.pop()


@then("searching for each word finds the documents that have it")
def step_each_word(context):
    for word in WORDS:
        found = {key for key, _ in context.index.search(word, limit=len(context.texts))}
        expected = {key for key, text in context.texts if word in text.split()}
        assert found == expected, word


@then("every phrase of the first {count:d} documents finds its document")
def step_each_phrase(context, count):
    for key, text in context.texts[:count]:
        parts = text.split()
        for place in range(len(parts) - 2):
            phrase = '"' + " ".join(parts[place : place + 3]) + '"'
            found = [k for k, _ in context.index.search(phrase, limit=len(context.texts))]
            assert key in found, phrase


@when("I ask for suggestions for {word}")
def step_suggest(context, word):
    context.world.attempt(lambda: " ".join(context.index.suggest(word)) or "none")


@when("I take the stem of {word}")
def step_stem(context, word):
    context.world.attempt(stem, word)


@when('I take the words of "{text}"')
def step_words(context, text):
    context.world.attempt(lambda: " ".join(words(text)))


@when("I measure the distance of {left} and {right}")
def step_distance(context, left, right):
    context.world.attempt(distance, left, right)


@then("the distance is the same both ways for {count:d} pairs with seed {seed:d}")
def step_distance_pairs(context, count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        left, right = ("".join(rng.choices("abcd", k=rng.randrange(3, 9))) for _ in range(2))
        assert distance(left, right, 9) == distance(right, left, 9), (left, right)
        assert (distance(left, right, 9) == 0) == (left == right)
