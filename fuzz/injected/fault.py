"""A fault that others have had, as a change of one place of the engine's sources."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Fault:
    """`old` stands exactly once in `file`, a path below engine/; `new` takes its place in a copy."""

    name: str
    file: str
    old: str
    new: str
    source: str  # who had it, as repository#number or an advisory, or the clause that it breaks
    targets: str  # those that should find it, the likeliest first
