"""try, except, else, finally, with, raise."""
import contextlib


def caught(function):
    try:
        function()
    except ZeroDivisionError:
        return "zero"
    except (
        ValueError,
        TypeError,
    ) as error:
        return error
    except KeyError as error:
        print(error)
    else:
        print("none")
    return 1


def bare(function):
    try:
        function()
    except AttributeError:
        return 1
    except:
        return 2


def finally_only(function):
    try:
        function()
    finally:
        print("finally")


def finally_with_return(flag):
    try:
        if flag:
            return 1
    finally:
        print("finally")
    return 2


def finally_with_return_never(flag):
    try:
        if flag:
            return 1
    finally:
        print("finally")
    return 2


def finally_in_a_loop(items):
    for item in items:
        try:
            if item == 1:
                continue
            if item == 2:
                break
            if item == 3:
                return 3
        finally:
            if item:
                print("item")
    return 4


def finally_with_condition(flag, function):
    try:
        function()
    finally:
        if flag:
            print("flag")
    print("after")


def condition_before_finally(function):
    try:
        if function():
            print("true")
    finally:
        print("finally")


def nested(function):
    try:
        try:
            function()
        except ValueError:
            raise KeyError
        finally:
            print("inner")
    except KeyError:
        print("outer")
    finally:
        print("last")


def with_return(flag):
    with contextlib.nullcontext():
        if flag:
            return 1
    return 2


def with_in_a_loop(items):
    for item in items:
        with contextlib.nullcontext(), contextlib.suppress(ValueError):
            if item == 1:
                continue
            if item == 2:
                break
            if item == 3:
                raise ValueError
    return 1


def with_several_lines(flag):
    with contextlib.nullcontext(
        1
    ) as first, contextlib.nullcontext(
        2
    ) as second:
        if flag:
            return first
        while flag is None:
            return second
    if flag:
        return 2


def with_at_the_end(flag):
    with contextlib.suppress(ValueError):
        if flag:
            raise ValueError


def raising_again(function):
    try:
        function()
    except ValueError:
        if function:
            raise
    except Exception as error:
        if error.args:
            raise KeyError from error
        raise


def returning_in_finally(flag):
    while True:
        try:
            if flag:
                raise ValueError
            else:
                break
        except ValueError:
            flag = False
            continue
        finally:
            flag = False
    return flag


def raiser(kind):
    def function():
        raise kind(1)
    return function


def nothing():
    return 0


def quietly(function, *arguments):
    try:
        return function(*arguments)
    except Exception:
        return None


for kind in ZeroDivisionError, ValueError, TypeError, KeyError, OSError:
    quietly(caught, raiser(kind))
    quietly(bare, raiser(kind))
    quietly(raising_again, raiser(kind))
    quietly(nested, raiser(kind))
quietly(caught, nothing)
quietly(nested, nothing)
finally_only(nothing)
finally_with_return(0), finally_with_return(1)
finally_with_return_never(0)
finally_in_a_loop([1, 2]), finally_in_a_loop([0]), finally_in_a_loop([3])
quietly(finally_with_condition, 1, raiser(ValueError))
quietly(finally_with_condition, 0, nothing)
quietly(condition_before_finally, raiser(ValueError))
with_return(1), with_return(0)
with_in_a_loop([3, 1, 2])
with_several_lines(1), with_several_lines(0), with_several_lines(None)
with_at_the_end(1), with_at_the_end(0)
returning_in_finally(1)
quietly(nothing, 1)
