"""A running Fedify peer, and the controls that it is steered by."""

import json
import os
import shutil
import urllib.parse

from rig import eventually, fetch, free_port, start

QUOTES = "https://w3id.org/fep/044f#"
link = lambda term: {"@id": term, "@type": "@id"}
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {
        "litepub": "http://litepub.social/ns#", "EmojiReact": "litepub:EmojiReact", "gts": "https://gotosocial.org/ns#",
        "QuoteRequest": QUOTES + "QuoteRequest", "QuoteAuthorization": QUOTES + "QuoteAuthorization",
        "quote": link(QUOTES + "quote"), "quoteAuthorization": link(QUOTES + "quoteAuthorization"),
        "interactingObject": link("gts:interactingObject"), "interactionTarget": link("gts:interactionTarget"),
        "interactionPolicy": link("gts:interactionPolicy"), "canQuote": link("gts:canQuote"),
        "automaticApproval": link("gts:automaticApproval"),
    },
]
HERE = os.path.dirname(os.path.abspath(__file__))


class Peer:
    def __init__(self, folder, first_knock=None, name="bob"):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.name = name
        self.actor = f"{self.base}/users/{name}"
        # Modules are resolved relative to the location of a file, so the peer must be next to them.
        script = os.path.join(folder, f"peer-{name}.mjs")
        shutil.copy(os.path.join(HERE, "fedify.mjs"), script)
        own_node = os.path.join(folder, "node_modules", ".bin", "node")
        node = own_node if os.path.exists(own_node) else "node"
        log = open(os.path.join(folder, f"peer-{name}.log"), "w")
        start([node, script, str(self.port), first_knock or "", name], stdout=log, stderr=log)
        if not eventually(lambda: fetch(self.base + "/_ctl/log")[0] == 200, 60):
            raise RuntimeError("the peer did not come up: " + open(log.name).read())

    def ctl(self, action, **query):
        status, body = fetch(f"{self.base}/_ctl/{action}?{urllib.parse.urlencode(query, doseq=True)}")
        if status != 200:
            raise RuntimeError(f"{action}: {body}")
        return json.loads(body)

    def send(self, to, activity):
        """Delivers any activity, signed, to an actor."""
        self.ctl("send", target=to, json=json.dumps({"@context": CONTEXT, "actor": self.actor, **activity}))

    def raw(self, server, activity, **headers):
        """The same as it stands, past the vocabulary."""
        body = json.dumps({"@context": CONTEXT, "actor": self.actor, **activity})
        answer = self.ctl("raw", inbox=server.base + "/inbox", json=body, headers=json.dumps(headers))
        if answer["status"] != 202:
            raise RuntimeError(f"{activity['type']}: {answer}")

    def serve(self, path, document):
        self.ctl("serve", path=path, json=json.dumps({"@context": CONTEXT, "id": self.base + path, **document}))

    def asked(self, path):
        """How a document was requested: the signature schemes."""
        return [e["form"] for e in self.ctl("log") if e["type"] == "asked" and e["path"] == path]

    def bodies(self, kind):
        """The activities of a type that were delivered, also those that Fedify has no class for."""
        return [a for a in (json.loads(r["body"]) for r in self.requests()) if a["type"] == kind]

    def requests(self):
        return [e for e in self.ctl("log") if e["type"] == "request"]

    def got(self, kind, holds=""):
        """The activities of a kind that arrived and hold some text."""
        return [e for e in self.ctl("log") if e["type"] == kind and holds in json.dumps(e["json"], ensure_ascii=False)]
