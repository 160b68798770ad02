"""Who calls which endpoint of the API: a table of the endpoints that apps need, by what was requested in this run.

The Rust suite and each suite of clients write what they were answered to target/coverage. An endpoint of tier 1 or 2 that
nothing has called with success is a failure."""

import collections
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "target", "coverage")
# Named in the table of endpoints, and not served: see UNSERVED in tests/api/coverage.rs.
UNSERVED = {"POST /api/v1/announcements/{}/dismiss"}
# Compared with a golden file.
GOLDEN = {"GET /.well-known/host-meta"}
# Called by names of their own.
CALLERS = {
    "rust": "tests",
    "clients-run": "Mastodon.py and toot",
    "clients-run_node": "masto.js and megalodon",
    "clients-run_megalodon": "megalodon (Rust)",
}


def shape(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


def called():
    """The callers of each endpoint that were answered without an error."""
    found = collections.defaultdict(set)
    for name in sorted(CALLERS.keys() & os.listdir(FOLDER)):
        for line in open(os.path.join(FOLDER, name)):
            method, path, status = line.split()
            if status[0] in "123":
                found[f"{method.upper()} {shape(path)}"].add(CALLERS[name])
    for line in open(os.path.join(ROOT, "tests", "fixtures", "apps", "startups.txt")):
        if line.startswith("["):
            app = line.strip("[]\n")
        request = re.match(r"(?:ANONYMOUS )?(GET|POST|PUT|PATCH|DELETE) ([^ ?]+)", line)
        if request:
            found[f"{request[1]} {shape(request[2])}"].add(app)
    return found


found = called()
missing = []
for line in open(os.path.join(ROOT, "tests", "fixtures", "endpoints.tsv")):
    if line.startswith("#"):
        continue
    tier, method, path = line.rstrip("\n").split("\t")
    name = f"{method} {shape(path)}"
    if tier == "T3" or name in UNSERVED:
        continue
    callers = found.get(name, set())
    print(f"  {tier} {name}: {', '.join(sorted(callers)) or 'no test'}")
    if not callers and name not in GOLDEN:
        missing.append(name)
print(f"{len(missing)} endpoints are called by nothing", *missing, sep="\n  ")
sys.exit(1 if missing else 0)
