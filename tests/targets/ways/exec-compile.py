# Code that is compiled from text and executed.
# group: code

with open("text.py") as stream:  # ran
    text = stream.read()  # ran
namespace = {}  # ran
exec(compile(text, "text.py", "exec"), namespace)  # ran
print(namespace["double"](2))  # ran
print(eval("double(3)", namespace))  # ran
exec("double(4)", namespace)  # ran
