"""What a data folder has, and that it is all of it."""

from behave import then
from marks import compare
from recorded import covfork_json


@then('the data in "{folder}" is of {names}')
def step_data_of(context, folder, names):
    """These files and no others, with exactly their marked lines."""
    wanted = sorted(name.strip(' "') for name in names.split(","))
    files = covfork_json(context.sandbox, options=f"--data-dir {folder}")["files"]
    assert sorted(files) == wanted, sorted(files)
    problems = [text for name in wanted for text in compare(context.sandbox.work / name, files[name])]
    assert not problems, "\n".join(problems)
