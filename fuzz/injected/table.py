"""All faults, and how one is put into a source."""

from __future__ import annotations

import pathlib

import handshakes
import output
import payloads
import rules
from fault import Fault

FAULTS: tuple[Fault, ...] = rules.FAULTS + payloads.FAULTS + handshakes.FAULTS + output.FAULTS


def apply(fault: Fault, engine: pathlib.Path) -> str:
    """The source with the fault in it. Raises ValueError if its place is not there, or not the only one."""
    text = (engine / fault.file).read_text(encoding="utf-8")
    if text.count(fault.old) != 1:
        raise ValueError(f"{fault.name}: its text stands {text.count(fault.old)} times in {fault.file}; "
                         "change fuzz/injected/ along with the engine")
    return text.replace(fault.old, fault.new)
