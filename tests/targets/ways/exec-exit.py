# sys.exit inside exec.
# group: code

with open("exits.py") as stream:  # ran
    code = compile(stream.read(), stream.name, "exec")  # ran
exec(code)  # ran
print("never")  # not run
