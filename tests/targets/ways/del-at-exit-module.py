# __del__ methods of objects in a module and in sys, when modules are torn down.
# group: exit-code
import sys  # ran

import exit_things  # ran

sys.thing = exit_things.Thing("sys")  # ran
exit_things.thing = exit_things.Other("module")  # ran
