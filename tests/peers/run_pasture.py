"""fediverse-pasture looks at our actor with six actors of its own: unsigned, signed, and behind signed fetches, with
and without a user name. Run it with a Python that has fediverse-pasture."""

import json
import os
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import Dassie, check, eventually, fetch, finish, free_port, start

HERE = os.path.dirname(os.path.abspath(__file__))

# Those who do not sign may read the actor and not post.
UNSIGNED = {"alice", "dean"}
ALL = ["alice", "bob", "claire", "dean", "emily", "frank"]


def main():
    port, scratch = free_port(), tempfile.mkdtemp(prefix="pasture-")
    log = open(os.path.join(scratch, "log"), "w")
    start([sys.executable, os.path.join(HERE, "pasture_app.py"), str(port)], cwd=scratch, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    if not eventually(lambda: fetch(base + "/")[0] < 500, 60):
        raise RuntimeError("pasture did not come up")
    dassie = Dassie()
    query = urllib.parse.urlencode({"actor_uri": dassie.actor})
    status, body = fetch(f"{base}/?{query}", headers={"Accept": "application/json"})
    check("the checker answers", status == 200, body[:500])
    verdict = json.loads(body)
    print(json.dumps(verdict)[:1500])
    results = verdict.get("result", verdict)
    for name in ALL:
        found = next((v for k, v in results.items() if k.startswith(name)), None)
        check(f"{name} may read the actor", found and found.get("get_actor") is True, found)
        may_post = name not in UNSIGNED
        check(f"{name} {'may' if may_post else 'may not'} post", found and found.get("post_inbox") is may_post, found)
    finish()


main()
