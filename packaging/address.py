"""Prints this machine's address on the network: the one that it would send from."""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    try:
        probe.connect(("192.0.2.1", 9))  # a documentation address (RFC 5737); nothing is sent
    except OSError:
        sys.exit("this machine is on no network")
    print(probe.getsockname()[0])
