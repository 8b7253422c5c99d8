"""Speed and memory, printed and never asserted: `python -m tests.bench --help`."""
