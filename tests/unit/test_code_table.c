/* The table of code objects: what is kept is found until its code goes, by all threads at once. */
#include "unit.h"

#include "python/code_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 16, CODE_SIZE = 176, ITEM_SIZE = 1, COUNT = 20000 };

/* A type of code objects as CPython has it, and an object to learn the size of its head from. */
static struct {
    void *head[HEAD / sizeof(void *)];
    ssize_t object_size;
    const char *name;
    ssize_t basic_size, item_size;
    void (*free)(PyObject *code);
} type;
static char object_type;

static const void *_Atomic freed;
static atomic_int free_count;

static void free_code(PyObject *code)
{
    freed = code;
    free_count++;
}

static void *_Atomic dropped;

static void drop(void *data)
{
    dropped = data;
}

/* Numbers as objects. */
static PyObject *get_attribute(PyObject *object, const char *name)
{
    if (strcmp(name, "__itemsize__") == 0)
        return (PyObject *)(uintptr_t)(ITEM_SIZE + 1);
    return (PyObject *)(uintptr_t)((object == (void *)&object_type ? HEAD : CODE_SIZE) + 1);
}

static long as_long(PyObject *number)
{
    return (long)(uintptr_t)number - 1;
}

static void do_nothing(PyObject *object)
{
    (void)object;
}

static void clear_error(void)
{
}

static int set_up(void **state)
{
    (void)state;
    type.name = "code";
    type.basic_size = CODE_SIZE;
    type.item_size = ITEM_SIZE;
    type.free = free_code;
    python.code_type = (PyObject *)&type;
    python.object_type = (PyObject *)&object_type;
    python.get_attribute = get_attribute;
    python.as_long = as_long;
    python.decrement = do_nothing;
    python.clear_error = clear_error;
    return 0;
}

/* Code objects that never were: their addresses are all that counts. */
static PyObject *code(uintptr_t number)
{
    return (PyObject *)(number * 16);
}

static void *data(uintptr_t number)
{
    return (void *)(number + 1);
}

static void what_is_kept_is_found_until_its_code_goes(void **state)
{
    (void)state;
    static struct code_table table = { .drop = drop };
    assert_int_equal(code_table_start(&table), 0);
    assert_null(code_table_find(&table, code(1)));
    assert_ptr_equal(code_table_keep(&table, code(1), data(1)), data(1));
    assert_ptr_equal(code_table_find(&table, code(1)), data(1));
    type.free(code(1));
    assert_null(code_table_find(&table, code(1)));
    assert_ptr_equal(dropped, data(1));
}

static void code_is_freed_by_pythons_function(void **state)
{
    (void)state;
    static struct code_table table;
    assert_int_equal(code_table_start(&table), 0);
    int before = free_count;
    type.free(code(2));
    assert_ptr_equal(freed, code(2));
    assert_int_equal(free_count, before + 1);
}

static void what_is_kept_first_stays(void **state)
{
    (void)state;
    static struct code_table table;
    assert_int_equal(code_table_start(&table), 0);
    assert_ptr_equal(code_table_keep(&table, code(1), data(1)), data(1));
    assert_ptr_equal(code_table_keep(&table, code(1), data(2)), data(1));
    assert_ptr_equal(code_table_find(&table, code(1)), data(1));
}

static void tables_know_nothing_of_each_other(void **state)
{
    (void)state;
    static struct code_table one, other;
    assert_int_equal(code_table_start(&one), 0);
    assert_int_equal(code_table_start(&other), 0);
    code_table_keep(&one, code(1), data(1));
    code_table_keep(&other, code(1), data(2));
    assert_ptr_equal(code_table_find(&one, code(1)), data(1));
    assert_ptr_equal(code_table_find(&other, code(1)), data(2));
    type.free(code(1));
    assert_null(code_table_find(&one, code(1)));
    assert_null(code_table_find(&other, code(1)));
}

static void many_go_in_any_order(void **state)
{
    (void)state;
    static struct code_table table;
    assert_int_equal(code_table_start(&table), 0);
    for (uintptr_t i = 1; i <= COUNT; i++)
        code_table_keep(&table, code(i * i), data(i));
    for (uintptr_t i = 1; i <= COUNT; i += 3)
        type.free(code(i * i));
    for (uintptr_t i = COUNT; i > 0; i--)
        assert_ptr_equal(code_table_find(&table, code(i * i)), i % 3 == 1 ? NULL : data(i));
    assert_int_equal(table.count, COUNT - (COUNT + 2) / 3);
}

static void code_that_comes_and_goes_takes_no_room(void **state)
{
    (void)state;
    static struct code_table table;
    assert_int_equal(code_table_start(&table), 0);
    size_t mask = table.places->mask;
    for (uintptr_t i = 1; i <= COUNT; i++) {
        code_table_keep(&table, code(i), data(i));
        type.free(code(i));
    }
    assert_int_equal(table.places->mask, mask);
}

static void (*ours)(PyObject *code);

static void free_before(PyObject *going)
{
    ours(going);
}

static void another_tools_function_stays_before_ours(void **state)
{
    (void)state;
    static struct code_table table;
    assert_int_equal(code_table_start(&table), 0);
    ours = type.free;
    type.free = free_before;
    assert_int_equal(code_table_start(&table), 0);
    assert_true(type.free == free_before);
    int before = free_count;
    type.free(code(3));
    assert_int_equal(free_count, before + 1);
    type.free = ours;
}

static void a_type_that_is_not_known_is_refused(void **state)
{
    (void)state;
    static struct code_table table;
    type.item_size = ITEM_SIZE + 1;
    void (*there)(PyObject *) = type.free;
    assert_int_equal(code_table_start(&table), -1);
    assert_true(type.free == there);
    type.item_size = ITEM_SIZE;
    type.name = "function";
    assert_int_equal(code_table_start(&table), -1);
    type.name = "code";
    assert_int_equal(code_table_start(&table), 0);
}

static struct code_table shared;

/* Of this thread's own code: found while it lives, whatever the others do to the table. */
static void *keep_and_find(void *argument)
{
    uintptr_t first = (uintptr_t)argument, wrong = 0;
    for (int round = 0; round < 20; round++) {
        for (uintptr_t i = first; i < first + COUNT / 10; i++)
            code_table_keep(&shared, code(i), data(i));
        for (uintptr_t i = first; i < first + COUNT / 10; i++)
            wrong += code_table_find(&shared, code(i)) != data(i);
        for (uintptr_t i = first; i < first + COUNT / 10; i++)
            type.free(code(i));
        for (uintptr_t i = first; i < first + COUNT / 10; i++)
            wrong += code_table_find(&shared, code(i)) != NULL;
    }
    return (void *)wrong;
}

static void threads_use_it_at_once(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    assert_int_equal(code_table_start(&shared), 0);
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_and_find, (void *)(1 + i * COUNT)),
                         0);
    for (size_t i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(shared.count, 0);
}

/* A thread of the parent was removing code 1: its place may hold anything. */
static void a_forks_child_finishes_a_removal(void **state)
{
    (void)state;
    enum { FEW = 120 };
    static struct code_table table;
    assert_int_equal(code_table_start(&table), 0);
    for (uintptr_t i = 1; i <= FEW; i++)
        code_table_keep(&table, code(i), data(i));
    for (size_t place = 0; place <= table.places->mask; place++)
        if (table.places->places[place].code == code(1)) {
            table.hole = place + 1;
            table.places->places[place].code = code(FEW);
            table.places->places[place].data = data(1);
        }
    assert_int_not_equal(table.hole, 0);
    table.changes++;
    code_table_after_fork_child();
    assert_null(code_table_find(&table, code(1)));
    for (uintptr_t i = 2; i <= FEW; i++)
        assert_ptr_equal(code_table_find(&table, code(i)), data(i));
    assert_ptr_equal(code_table_keep(&table, code(1), data(7)), data(7));
    assert_ptr_equal(code_table_find(&table, code(1)), data(7));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_kept_is_found_until_its_code_goes),
    cmocka_unit_test(code_is_freed_by_pythons_function),
    cmocka_unit_test(what_is_kept_first_stays),
    cmocka_unit_test(tables_know_nothing_of_each_other),
    cmocka_unit_test(many_go_in_any_order),
    cmocka_unit_test(code_that_comes_and_goes_takes_no_room),
    cmocka_unit_test(another_tools_function_stays_before_ours),
    cmocka_unit_test(a_type_that_is_not_known_is_refused),
    cmocka_unit_test(threads_use_it_at_once),
    cmocka_unit_test(a_forks_child_finishes_a_removal),
};

UNIT_MAIN_WITH(tests, set_up, NULL)
