"""Speed and memory, printed and never asserted: `python -m tests.bench --help`.

- `rig`: running commands, hubs and kiosks of the bench, and printing its table
- `floor`, `catalogue`: what we are measured against, and a catalogue to measure with
- `pulling`, `searching`, `serving`: the figures
"""
