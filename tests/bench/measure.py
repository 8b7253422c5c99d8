"""Runs a program and tells what it took, as one line of JSON at the end: python -I measure.py WORDS.

A program counts as its own the memory of the one that starts it, up to that moment; this one is small.
"""

import json
import os
import subprocess
import sys
import time

if __name__ == "__main__":
    began = time.perf_counter()
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE) as program:
        assert program.stdout
        output = program.stdout.read()
        _pid, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    took = {
        "wall_s": time.perf_counter() - began,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * 1024,
    }
    sys.stdout.write(output.decode() + "\n" + json.dumps(took) + "\n")
    sys.exit(program.returncode)
