"""What deploy/ promises of containers and units; the containers themselves are in test/docker."""

import re

import pytest

from program import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILES = sorted((DEPLOY / "docker").rglob("Dockerfile"))
ROOTS_OWN = DEPLOY / "docker" / "secrets" / "Dockerfile"  # it gives each volume to the user who needs it


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.parent.name)
def test_an_image_runs_as_a_user_who_is_not_root_and_has_a_number(file):
    users = re.findall(r"^USER (\S+)$", file.read_text(), re.MULTILINE)
    if file == ROOTS_OWN:
        assert users == []
    else:
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])
