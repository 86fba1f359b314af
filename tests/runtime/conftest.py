"""What the tests of the run-time checks share."""

import pytest

from shapetypes import ShapeError


@pytest.fixture
def refused():
    """Call a function that must be refused, and return the error: `refused("dim-mismatch", f, x, y)`."""

    def run(code, fn, *args, **kwargs):
        with pytest.raises(ShapeError) as caught:
            fn(*args, **kwargs)
        assert caught.value.fault is not None
        assert code == caught.value.fault.code
        return caught.value

    return run
