"""The program as a file: built so that a memory error is hard to turn into an attack."""

import re
import subprocess

import pytest

from program import PROGRAM


def readelf(option):
    return subprocess.run(["readelf", "-W", option, PROGRAM], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def segments():
    return readelf("--program-headers")


@pytest.fixture(scope="module")
def imports():
    """Names of the functions that the program takes from libraries."""
    return set(re.findall(r"\bUND (\w+)", readelf("--dyn-syms")))


def test_is_loaded_at_a_random_address(segments):
    assert "Elf file type is DYN" in segments
    assert re.search(r"FLAGS_1.*\bPIE\b", readelf("--dynamic"))


def test_binds_all_imports_at_start_and_then_makes_their_table_read_only(segments):
    assert "GNU_RELRO" in segments
    assert re.search(r"FLAGS\b.*\bBIND_NOW\b", readelf("--dynamic"))


def test_has_no_memory_that_is_both_written_and_executed(segments):
    flags = re.findall(r"^ +(LOAD|GNU_STACK) +(?:0x[0-9a-f]+ +){5}([RWE ]{3})", segments, re.MULTILINE)
    assert "GNU_STACK" in (kind for kind, _ in flags)
    assert not [kind for kind, letters in flags if "W" in letters and "E" in letters]


def test_guards_its_stack_frames(imports):
    assert "__stack_chk_fail" in imports


def test_checks_the_bounds_of_calls_to_the_c_library(imports):
    assert any(name.endswith("_chk") and name != "__stack_chk_fail" for name in imports)


def test_looks_for_libraries_only_where_the_system_has_them():
    assert not re.search(r"\((RPATH|RUNPATH)\)", readelf("--dynamic"))
