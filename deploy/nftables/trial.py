#!/usr/bin/env python3
"""Loads the rule set between two network namespaces and connects through it.

Run as `unshare --net --mount python3 deploy/nftables/trial.py`, as root: then nothing of it is seen
outside, and nothing is left. The addresses are those of documentation (RFC 5737, RFC 3849), routed
between the two namespaces alone.
"""

import pathlib
import re
import subprocess
import sys

RULES = pathlib.Path(__file__).with_name("loomwire.nft")
SERVER4, SERVER6 = "198.51.100.1", "2001:db8:ff::1"
ADMIN4, ADMIN6 = "192.0.2.1", "2001:db8:1::1"
MONITOR4, MONITOR6 = "192.0.2.32", "2001:db8:2::32"
DATABASE4, DATABASE6 = "192.0.2.64", "2001:db8:4::64"
STRANGER4, STRANGER6 = "203.0.113.5", "2001:db8:aaaa:1::5"
# In the same /64 as STRANGER6, and in another.
NEIGHBOUR6, OTHER6 = "2001:db8:aaaa:1::6", "2001:db8:aaaa:2::5"
OTHER4 = "203.0.113.6"
OUTSIDE = [
    ADMIN4, MONITOR4, DATABASE4, STRANGER4, OTHER4,
    ADMIN6, MONITOR6, DATABASE6, STRANGER6, NEIGHBOUR6, OTHER6,
]
LISTENING_INSIDE = [22, 80, 443, 3000, 5432, 9464]
LISTENING_OUTSIDE = [25, 443, 5432]
# What is dropped is not answered: longer than a namespace needs, short for who waits.
PATIENCE = 0.6
# More connections than any source may make in the time that they take.
FLOOD = 2000

LISTEN = """
import asyncio, sys
async def main():
    for port in sys.argv[1:]:
        for host in ("0.0.0.0", "::"):
            await asyncio.start_server(lambda reader, writer: writer.close(), host, int(port), backlog=512)
    print("listening", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
CONNECT = """
import asyncio, sys
async def attempt(line):
    source, host, port, count = line.split()
    source = None if source == "-" else (source, 0)
    reached, errors = 0, set()
    for _ in range(int(count)):
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port), local_addr=source), %s)
            writer.close()
            reached += 1
        except TimeoutError:
            errors.add("silence")
            break
        except OSError as error:
            errors.add("refusal")
            break
    return f"{reached} {'/'.join(errors) or '-'}"
async def main():
    for answer in await asyncio.gather(*map(attempt, sys.stdin.read().splitlines())):
        print(answer)
asyncio.run(main())
""" % PATIENCE


def run(*words, **options):
    return subprocess.run(words, check=True, text=True, capture_output=True, **options).stdout


def inside(space, *words, **options):
    return run("ip", "netns", "exec", space, *words, **options)


def lay_out():
    # Names of namespaces are files: in a folder of our own they meet no others.
    run("mount", "--make-rprivate", "/")
    pathlib.Path("/run/netns").mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
    for space in ("server", "outside"):
        run("ip", "netns", "add", space)
        inside(space, "ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "wire", "netns", "server", "type", "veth", "peer", "name", "wire", "netns", "outside")
    for space, addresses in (("server", [SERVER4, SERVER6]), ("outside", OUTSIDE)):
        for address in addresses:
            if ":" in address:
                inside(space, "ip", "address", "add", f"{address}/128", "dev", "wire", "nodad")
            else:
                inside(space, "ip", "address", "add", f"{address}/32", "dev", "wire")
        inside(space, "ip", "link", "set", "wire", "up")
        inside(space, "ip", "-4", "route", "add", "default", "dev", "wire")
        inside(space, "ip", "-6", "route", "add", "default", "dev", "wire")
    inside("server", "nft", "-f", str(RULES))
    # Twice is as once: it replaces its own table.
    inside("server", "nft", "-f", str(RULES))


def listen(space, ports):
    words = ["ip", "netns", "exec", space, sys.executable, "-c", LISTEN, *map(str, ports)]
    listener = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert listener.stdout.readline() == "listening\n"
    return listener


def connect(space, attempts):
    lines = "\n".join(" ".join(map(str, attempt)) for attempt in attempts)
    answers = inside(space, sys.executable, "-c", CONNECT, input=lines).splitlines()
    return [(int(count), why) for count, why in map(str.split, answers)]


# Who, to which port, and whether it is let in.
INBOUND = [
    (STRANGER4, 443, True), (STRANGER6, 443, True),
    (STRANGER4, 80, True), (STRANGER6, 80, True),
    (ADMIN4, 22, True), (ADMIN6, 22, True),
    (STRANGER4, 22, False), (STRANGER6, 22, False),
    (MONITOR4, 9464, True), (MONITOR6, 9464, True),
    (STRANGER4, 9464, False), (ADMIN6, 9464, False),
    (STRANGER4, 3000, False), (STRANGER6, 3000, False),
    (ADMIN4, 5432, False), (DATABASE6, 5432, False),
]
OUTBOUND = [
    (DATABASE4, 5432, True), (DATABASE6, 5432, True),
    (STRANGER4, 5432, False), (STRANGER6, 5432, False),
    (STRANGER4, 443, True), (STRANGER6, 443, True),
    (STRANGER4, 25, False), (STRANGER6, 25, False),
]


def check_who_gets_where():
    def target(source):
        return SERVER6 if ":" in source else SERVER4

    wrong = []
    answers = connect("outside", [(source, target(source), port, 1) for source, port, _ in INBOUND])
    for (source, port, wanted), (reached, why) in zip(INBOUND, answers, strict=True):
        # What is kept out is met with silence.
        if (reached == 1) != wanted or (not wanted and why != "silence"):
            wrong.append(f"from {source} to port {port}: {why}, wanted {'a connection' if wanted else 'silence'}")
    answers = connect("server", [("-", host, port, 1) for host, port, _ in OUTBOUND])
    for (host, port, wanted), (reached, why) in zip(OUTBOUND, answers, strict=True):
        # What is kept in learns it at once.
        if (reached == 1) != wanted or (not wanted and why != "refusal"):
            wrong.append(f"out to {host} port {port}: {why}, wanted {'a connection' if wanted else 'a refusal'}")
    return wrong


def check_rates():
    flood = [(STRANGER4, SERVER4, 443, FLOOD), (STRANGER6, SERVER6, 443, FLOOD)]
    wrong = []
    for (source, *_), (reached, why) in zip(flood, connect("outside", flood), strict=True):
        if not 120 <= reached < FLOOD or why != "silence":
            wrong.append(f"{source}: {reached} of {FLOOD} connections at once, then {why}")
    # Another source is not held to account for it; another address of the same /64 is.
    others = [(OTHER4, SERVER4, 443, 1), (OTHER6, SERVER6, 443, 1), (NEIGHBOUR6, SERVER6, 443, 1)]
    for (source, *_), (reached, _) in zip(others, connect("outside", others), strict=True):
        if reached != 1 and source != NEIGHBOUR6:
            wrong.append(f"{source} pays for the flood of another")
    known = inside("server", "nft", "list", "set", "inet", "loomwire", "web_rate6")
    sources = set(re.findall(r"2001:db8:aaaa:[0-9a-f:]+", known))
    if sources != {"2001:db8:aaaa:1::", "2001:db8:aaaa:2::"}:
        wrong.append(f"sources that are counted by themselves: {', '.join(sorted(sources))}")
    return wrong


def main():
    lay_out()
    listeners = [listen("server", LISTENING_INSIDE), listen("outside", LISTENING_OUTSIDE)]
    try:
        wrong = check_who_gets_where() + check_rates()
        counters = inside("server", "nft", "list", "counters", "table", "inet", "loomwire")
    finally:
        for listener in listeners:
            listener.terminate()
    for counter in ("web_accepted", "web_limited", "ssh_accepted", "metrics_accepted", "in_dropped", "out_refused"):
        if f"counter {counter} {{\n\t\tpackets 0 " in counters or f"counter {counter}" not in counters:
            wrong.append(f"the counter {counter} counted nothing")
    for line in wrong:
        print(f"nftables: {line}")
    attempts = len(INBOUND) + len(OUTBOUND)
    if not wrong:
        print(f"nftables: {attempts} connections, two floods and six counters as the rules say")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
