# A package by python -m.
# group: code
# run: -m package with arguments
never = "this file is there for its description"  # not run
