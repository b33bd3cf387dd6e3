value = 1  # ran


def work():  # ran
    in_main_thread = "only the main thread runs this"  # ran
