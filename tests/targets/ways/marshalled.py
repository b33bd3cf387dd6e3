# A function that is sent by value to another process.
# group: code
import base64  # ran
import marshal  # ran
import subprocess  # ran
import sys  # ran


def work(value):  # ran
    doubled = value * 2  # ran
    return doubled  # ran


launcher = """
import base64, marshal, sys, types
code = marshal.loads(base64.b64decode(sys.argv[1]))
print(types.FunctionType(code, {})(4))
"""
text = base64.b64encode(marshal.dumps(work.__code__)).decode()  # ran
print(subprocess.call([sys.executable, "-c", launcher, text]))  # ran
