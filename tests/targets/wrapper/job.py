import sys
import time

print("ready", flush=True)
time.sleep(0.2)
print("got", sys.stdin.readline().strip(), flush=True)
try:
    time.sleep(30)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(5)
