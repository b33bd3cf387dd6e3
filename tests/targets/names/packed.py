# What a program that PyInstaller packed does: its modules are in no folder.
with open("packed_main.py") as stream:  # ran
    code = compile(stream.read(), "packed_main.py", "exec")  # ran
exec(code, {"__name__": "__main__", "__file__": "/nowhere/packed/packed_main.py"})  # ran
code = compile("x = 1", "json/decoder.py", "exec")  # ran
exec(code, {"__name__": "json.decoder", "__file__": "/nowhere/packed/json/decoder.pyc"})  # ran
