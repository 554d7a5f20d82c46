"""Room for a crowd of connections in this process."""

import os
import resource
from contextlib import contextmanager

import pytest


@contextmanager
def room_for(count):
    """As long as it lasts, this process may open so many files and some more. Without such a limit, the test is skipped;
    with CI it fails instead: there nothing may be skipped unnoticed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"this process may open {hard} files at most, and the test needs {wanted}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if soft < wanted else soft, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
