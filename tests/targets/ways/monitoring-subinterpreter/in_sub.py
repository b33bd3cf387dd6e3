import sys  # ran


def show():  # ran
    tools = [sys.monitoring.get_tool(tool) for tool in range(6)]  # ran
    print(tools, [sys.monitoring.get_events(tool) for tool in range(6)], flush=True)  # ran


def work():  # ran
    show()  # ran
    for tool in range(6):  # ran
        sys.monitoring.use_tool_id(tool, "in sub")  # ran
        show()  # ran


def again():  # ran
    for tool in range(6):  # ran
        sys.monitoring.free_tool_id(tool)  # ran
    show()  # ran
