def work():  # ran
    print("in a subinterpreter", flush=True)  # ran
