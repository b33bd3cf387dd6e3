import pytest  # ran
import weighing  # ran


@pytest.mark.parametrize("how", ["killed", "aborted", "left"])  # ran
def test_crash(how):  # ran
    before = weighing.weigh([1])  # ran
    assert before == 1, (  # ran
        "the message of an assertion that is rewritten"
    )
    weighing.fall(how)  # ran
    assert before == 2  # not run


def test_after():  # ran
    assert weighing.after() == 3  # ran
