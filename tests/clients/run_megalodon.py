"""The Rust crate megalodon against a running Dassie. It is built below target/, apart from the server."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import TARGET, Dassie, check, eventually, finish

HERE = os.path.dirname(os.path.abspath(__file__))
# At least as many calls must be made: a call that is left out because one before it failed is a failure too.
CALLS = 95
# Calls that fail with Mastodon's own responses too.
EMPTY = "it reads {} as nothing, and fails"
FAULTS = {
    "get_preferences": "it refuses members that it does not know",
    "unmute_account": "it forgets a slash",
    "block_domain": EMPTY,
    "unblock_domain": EMPTY,
    "delete_accounts_from_list": EMPTY,
    "delete_list": EMPTY,
    "delete_filter": EMPTY,
    "delete_conversation": EMPTY,
    "create_featured_tag": "it takes no text as count",
}


def main():
    folder = os.path.join(TARGET, "megalodon")
    manifest = os.path.join(HERE, "megalodon", "Cargo.toml")
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", folder], check=True)
    dassie, other = Dassie(), Dassie("bob")
    friend, owner = dassie.find(other.actor)["id"], other.find(dassie.actor)["id"]
    other.api("POST", f"/api/v1/accounts/{owner}/follow")
    other.api("POST", "/api/v1/statuses", status=f"@alice@127.0.0.1:{dassie.port} psst", visibility="direct")
    eventually(lambda: dassie.get("/api/v1/conversations"))
    dassie.api("POST", f"/api/v1/accounts/{friend}/follow")
    eventually(lambda: dassie.get(f"/api/v1/accounts/relationships?id[]={friend}")[0]["following"])
    newest = {"last_read_id": dassie.get("/api/v1/notifications")[0]["id"]}
    dassie.api("POST", "/api/v1/markers", home=newest, notifications=newest)
    program = os.path.join(folder, "debug", "dassie-megalodon")
    done = subprocess.run([program, dassie.base, dassie.token, friend], capture_output=True, text=True, timeout=120)
    check("it comes to its end", done.returncode == 0, done.stderr[-800:])
    results = json.loads(done.stdout.strip().splitlines()[-1]) if done.returncode == 0 else []
    for call, error in results:
        if call in FAULTS:
            print(f"  left  {call}: {FAULTS[call]}" if error else f"  ok    {call}")
        else:
            check(call, error is None, error)
    check("every call was made", len(results) >= CALLS, len(results))
    finish()


main()
