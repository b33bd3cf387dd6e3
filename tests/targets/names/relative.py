# What compiled modules do when an exception passes through them: they run code whose file name is
# relative to the folder that they were built in.
import sys  # ran

sys.path.append("env/lib/site-packages")  # ran
import pkg.mod  # ran

exec(compile("x = 1", "pkg/mod.py", "exec"), vars(pkg.mod))  # ran
exec(compile("y = 1", "pkg/other.py", "exec"), {"__name__": "pkg.other"})  # ran
exec(compile("z = 1", "<template>", "exec"))  # ran
exec(compile("z = 1", "memory:z.py", "exec"))  # ran
exec(compile("z = 1", "", "exec"))  # ran
