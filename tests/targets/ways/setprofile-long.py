# A profiler that is set in the middle of long bodies: of the program, and while they run of a class and a function.
# group: tools
import sys  # ran


def profiler(frame, event, argument):  # ran
    pass


class Long:  # ran
    first = 1  # ran
    # Lines so far from the first that CPython looks for their numbers.
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    line_0 = [0, 0 + 1, 0 * 2, str(0)]  # ran
    line_1 = [1, 1 + 1, 1 * 2, str(1)]  # ran
    line_2 = [2, 2 + 1, 2 * 2, str(2)]  # ran
    line_3 = [3, 3 + 1, 3 * 2, str(3)]  # ran
    line_4 = [4, 4 + 1, 4 * 2, str(4)]  # ran
    line_5 = [5, 5 + 1, 5 * 2, str(5)]  # ran
    line_6 = [6, 6 + 1, 6 * 2, str(6)]  # ran
    line_7 = [7, 7 + 1, 7 * 2, str(7)]  # ran
    line_8 = [8, 8 + 1, 8 * 2, str(8)]  # ran
    line_9 = [9, 9 + 1, 9 * 2, str(9)]  # ran
    line_10 = [10, 10 + 1, 10 * 2, str(10)]  # ran
    line_11 = [11, 11 + 1, 11 * 2, str(11)]  # ran
    line_12 = [12, 12 + 1, 12 * 2, str(12)]  # ran
    line_13 = [13, 13 + 1, 13 * 2, str(13)]  # ran
    line_14 = [14, 14 + 1, 14 * 2, str(14)]  # ran
    line_15 = [15, 15 + 1, 15 * 2, str(15)]  # ran
    line_16 = [16, 16 + 1, 16 * 2, str(16)]  # ran
    line_17 = [17, 17 + 1, 17 * 2, str(17)]  # ran
    line_18 = [18, 18 + 1, 18 * 2, str(18)]  # ran
    line_19 = [19, 19 + 1, 19 * 2, str(19)]  # ran
    sys.setprofile(profiler)  # ran
    last_0 = 0  # ran
    last_1 = 1  # ran
    last_2 = 2  # ran
    last_3 = 3  # ran
    sys.setprofile(None)  # ran


def long():  # ran
    first = 1  # ran
    # Lines so far from the first that CPython looks for their numbers.
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    #
    line = [0, 0 + 1, 0 * 2, str(0)]  # ran
    line = [1, 1 + 1, 1 * 2, str(1)]  # ran
    line = [2, 2 + 1, 2 * 2, str(2)]  # ran
    line = [3, 3 + 1, 3 * 2, str(3)]  # ran
    line = [4, 4 + 1, 4 * 2, str(4)]  # ran
    line = [5, 5 + 1, 5 * 2, str(5)]  # ran
    line = [6, 6 + 1, 6 * 2, str(6)]  # ran
    line = [7, 7 + 1, 7 * 2, str(7)]  # ran
    line = [8, 8 + 1, 8 * 2, str(8)]  # ran
    line = [9, 9 + 1, 9 * 2, str(9)]  # ran
    line = [10, 10 + 1, 10 * 2, str(10)]  # ran
    line = [11, 11 + 1, 11 * 2, str(11)]  # ran
    line = [12, 12 + 1, 12 * 2, str(12)]  # ran
    line = [13, 13 + 1, 13 * 2, str(13)]  # ran
    line = [14, 14 + 1, 14 * 2, str(14)]  # ran
    line = [15, 15 + 1, 15 * 2, str(15)]  # ran
    line = [16, 16 + 1, 16 * 2, str(16)]  # ran
    line = [17, 17 + 1, 17 * 2, str(17)]  # ran
    line = [18, 18 + 1, 18 * 2, str(18)]  # ran
    line = [19, 19 + 1, 19 * 2, str(19)]  # ran
    sys.setprofile(profiler)  # ran
    last = 0  # ran
    last = 1  # ran
    last = 2  # ran
    last = 3  # ran
    sys.setprofile(None)  # ran
    return first, line, last  # ran


print(long())  # ran
sys.setprofile(profiler)  # ran
last_0 = 0  # ran
last_1 = 1  # ran
last_2 = 2  # ran
last_3 = 3  # ran
sys.setprofile(None)  # ran
print(Long.last_3, last_3)  # ran
