"""What systemd makes of the units that `packaging/` brings."""

from __future__ import annotations

import re
import shlex
import subprocess


def command(unit: str) -> list[str]:
    """The words of its ExecStart."""
    (line,) = re.findall(r"^ExecStart=(.+)$", unit, re.M)
    return shlex.split(line)


def allowed_calls(unit: str) -> set[str]:
    """The system calls that it leaves to its service."""
    said = subprocess.check_output(["systemd-analyze", "syscall-filter", "--no-pager"], text=True)
    groups: dict[str, set[str]] = {}
    for line in said.splitlines():
        if line.startswith("@"):
            group = groups.setdefault(line.strip(), set())
        elif line.startswith("    ") and not line.strip().startswith("#"):
            group.add(line.strip())

    def calls(name: str) -> set[str]:
        return {call for one in groups[name] for call in (calls(one) if one.startswith("@") else [one])}

    allowed: set[str] = set()
    for taken, names in re.findall(r"^SystemCallFilter=(~?)(.+)$", unit, re.M):
        for name in names.split():
            those = calls(name) if name.startswith("@") else {name}
            allowed = allowed - those if taken else allowed | those
    return allowed
