"""libvirt's own C client on the same socket: for each line, a round of domain info calls; prints its ms."""

import sys
import time

import libvirt

uri, name, operations = sys.argv[1], sys.argv[2], int(sys.argv[3])
connection = libvirt.open(uri)
domain = connection.lookupByName(name)
for _ in sys.stdin:
    started = time.perf_counter()
    for _ in range(operations):
        domain.info()
    print((time.perf_counter() - started) * 1000, flush=True)
