"""What deploy/ promises of containers and units; the containers themselves are in test/docker."""

import re
from configparser import ConfigParser

import pytest
import yaml

from program import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())
DOCKERFILES = sorted((DEPLOY / "docker").rglob("Dockerfile"))
ROOTS_OWN = DEPLOY / "docker" / "secrets" / "Dockerfile"  # it gives each volume to the user who needs it
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MEMORY = re.compile(r"\d+[mgMG]")


def section_of(file, name):
    """Of a unit. A key that is there several times has its last value."""
    unit = ConfigParser(strict=False, interpolation=None, delimiters=["="])
    unit.optionxform = str
    unit.read(file)
    return unit[name]


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.parent.name)
def test_an_image_runs_as_a_user_who_is_not_root_and_has_a_number(file):
    users = re.findall(r"^USER (\S+)$", file.read_text(), re.MULTILINE)
    if file == ROOTS_OWN:
        assert users == []
    else:
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])


@pytest.mark.parametrize("service", sorted(COMPOSE["services"]))
def test_a_container_has_a_limit_on_its_memory(service):
    assert MEMORY.fullmatch(COMPOSE["services"][service]["mem_limit"])


@pytest.mark.parametrize("service", ["gateway-1", "gateway-2", "service-1", "service-2"])
def test_no_memory_of_the_program_is_swapped_in_a_container(service):
    container = COMPOSE["services"][service]
    assert container["memswap_limit"] == container["mem_limit"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_a_unit_has_a_limit_on_its_memory_and_swaps_none(unit):
    assert MEMORY.fullmatch(section_of(unit, "Service")["MemoryMax"])
    common = DEPLOY / "systemd" / "userinfo-.service.d" / "common.conf"
    assert section_of(common, "Service")["MemorySwapMax"] == "0"
