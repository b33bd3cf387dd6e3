# A program that starts and stops coverage.py itself.
# group: tools
# needs: module coverage
import coverage  # ran

import apis  # ran

measured = coverage.Coverage(data_file=None, include=["apis.py"])  # ran
measured.start()  # ran
apis.inside()  # ran
measured.stop()  # ran
apis.after()  # ran
lines = measured.get_data().lines(apis.__file__)  # ran
print(lines)  # ran
last = "coverage.py has stopped"  # ran
