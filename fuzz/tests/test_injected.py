"""The table of faults fits the engine as it is."""

import pathlib
import sys

import pytest

TREE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "fuzz" / "injected"))

import table  # noqa: E402


@pytest.mark.parametrize("fault", table.FAULTS, ids=lambda fault: fault.name)
def test_a_fault_fits_one_place(fault):
    changed = table.apply(fault, TREE / "engine")
    assert changed != (TREE / "engine" / fault.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", table.FAULTS, ids=lambda fault: fault.name)
def test_a_fault_names_its_targets(fault):
    for target in fault.targets.split():
        assert (TREE / "fuzz" / "targets" / f"{target}.cpp").exists()
        assert any((TREE / "fuzz" / "corpus" / target).iterdir())


def test_names_are_unique():
    names = [fault.name for fault in table.FAULTS]
    assert len(set(names)) == len(names)


def test_a_text_that_has_gone_is_reported():
    with pytest.raises(ValueError, match="stands 0 times"):
        table.apply(table.Fault("gone", "src/utf8.cpp", "no such text", "", "", "utf8"), TREE / "engine")
