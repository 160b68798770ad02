"""An actor of bovine with the server of fediverse-pasture around it: a peer that signs by draft-cavage-12, and checks our
signatures with code of its own."""

import asyncio
import atexit
import json
import os
import shutil
import tempfile
import threading

# bovine opens a cache in the working directory when it is imported.
SCRATCH = tempfile.mkdtemp(prefix="pasture-")
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
os.chdir(SCRATCH)

import aiohttp
import uvicorn
from bovine import BovineActor
from bovine.activitystreams import Actor
from bovine.crypto import build_validate_http_signature
from bovine.crypto.types import CryptographicIdentifier
from fediverse_pasture.data_provider.generate import generate_one_actor
from fediverse_pasture.runner import ActivitySender
from fediverse_pasture.server.utils import public_key_owner_from_dict
from quart import Quart, request

from rig import eventually, fetch, free_port

JSON = {"content-type": "application/activity+json"}


class Pasture:
    def __init__(self):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.actor = f"{self.base}/actor"
        self.followers = f"{self.actor}/followers"
        self.received, self.refused, self.shelf = [], [], {}
        data = generate_one_actor()
        self.data = data
        self.object = Actor(
            id=self.actor, preferred_username=data.user_part, name="Bovine", inbox=f"{self.actor}/inbox",
            outbox=f"{self.actor}/outbox", followers=self.followers,
            public_key=data.key_pairs[0].public, public_key_name=data.key_pairs[0].name,
        )
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.run(self.start())
        if not eventually(lambda: fetch(self.actor)[0] == 200):
            raise RuntimeError("the peer did not come up")

    async def start(self):
        server = uvicorn.Server(uvicorn.Config(self.app(), host="127.0.0.1", port=self.port, log_level="warning"))
        self.loop.create_task(server._serve())
        key = self.data.key_pairs[0]
        self.client = BovineActor(actor_id=self.actor, public_key_url=f"{self.actor}#{key.name}", secret=key.private)
        await self.client.init(session=aiohttp.ClientSession())
        self.sender = ActivitySender.for_actor(self.client, self.object)
        self.sender.sleep_after_getting_inbox = False

    def app(self):
        app = Quart("pasture")

        @app.get("/.well-known/webfinger")
        async def webfinger():
            link = {"rel": "self", "type": JSON["content-type"], "href": self.actor}
            return {"subject": request.args["resource"], "links": [link]}

        @app.get("/<path:path>")
        async def serve(path):
            found = self.object.build() if path == "actor" else self.shelf.get("/" + path)
            return (found, 200, JSON) if found else ("", 404)

        @app.post("/actor/inbox")
        async def inbox():
            valid = await build_validate_http_signature(self.key)(request)
            (self.received if valid else self.refused).append(await request.get_json())
            return "", 202 if valid else 401

        return app

    async def key(self, key_id):
        """Read as plain JSON: for JSON-LD bovine would ask the network for contexts."""
        pem, owner = public_key_owner_from_dict(await self.client.get(key_id), key_id)
        return CryptographicIdentifier.from_pem(pem, owner)

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def send(self, dassie, activity):
        """Delivers an activity, signed by bovine."""
        context = ["https://www.w3.org/ns/activitystreams", {"litepub": "http://litepub.social/ns#", "EmojiReact": "litepub:EmojiReact"}]
        return self.run(self.client.post(f"{dassie.base}/inbox", {"@context": context, "actor": self.actor, **activity})).status

    def note(self, dassie, key, to, **more):
        """Delivers a Create of a Note of its own."""
        note = {"id": f"{self.base}/notes/{key}", "type": "Note", "attributedTo": self.actor, "content": key, "to": to, **more}
        self.send(dassie, {"id": note["id"] + "/create", "type": "Create", "to": to, "object": note})
        return note["id"]

    def reads(self, uri):
        """What bovine gets with its signature; nothing where it is refused."""
        found = self.run(self.client.get(uri, fail_silently=True))
        return None if found and found.get("type") == "Tombstone" else found

    def got(self, kind, holds=""):
        return [a for a in self.received if a["type"] == kind and holds in json.dumps(a, ensure_ascii=False)]

    def delivers_input(self, dassie, example):
        """Sends one example as fediverse-pasture does: around its own Note, in a Create, with a mention. Answers the id
        of the object."""
        example = json.loads(json.dumps(example).replace("http://pasture-one-actor", self.base))
        self.sender.init_create_note(lambda note: {**note, **example})
        self.run(self.sender.send(dassie.actor))
        return self.sender.object_id
