"""libvirt's own C client on the same socket: prints the ms of each round of domain info calls."""

import sys
import time

import libvirt

uri, name, operations, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
connection = libvirt.open(uri)
domain = connection.lookupByName(name)
for _ in range(rounds):
    started = time.perf_counter()
    for _ in range(operations):
        domain.info()
    print((time.perf_counter() - started) * 1000)
