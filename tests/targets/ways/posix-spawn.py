# Children by os.posix_spawn and os.posix_spawnp, the latter with an empty environment.
# group: children
import os  # ran
import sys  # ran

if sys.argv[1:] == ["one"]:  # ran
    print("one")  # ran
elif sys.argv[1:] == ["two"]:  # ran
    print("two")  # ran
else:
    pid = os.posix_spawn(sys.executable, [sys.executable, __file__, "one"], os.environ)  # ran
    print(os.waitpid(pid, 0)[1])  # ran
    actions = [(os.POSIX_SPAWN_CLOSE, 0)]  # ran
    pid = os.posix_spawnp(sys.executable, [sys.executable, __file__, "two"], {}, file_actions=actions)  # ran
    print(os.waitpid(pid, 0)[1])  # ran
