// A small ActivityPub server made with Fedify, of either major version: an independent peer for Dassie.
// Usage: node fedify.mjs PORT [first-knock] [name]. It is steered by GET requests below /_ctl/.
import http from "node:http";
import { Temporal } from "@js-temporal/polyfill";
globalThis.Temporal ??= Temporal;
const fedify = await import("@fedify/fedify");
const vocab = await import("@fedify/vocab").catch(() => fedify);
const { createFederation, MemoryKvStore, generateCryptoKeyPair } = fedify;
const {
  Accept, Activity, Announce, Create, Delete, Endpoints, Follow, Like, Move, Note, Person, Reject, Tombstone, Undo, Update,
  PUBLIC_COLLECTION,
} = vocab;

const port = Number(process.argv[2]);
const firstKnock = process.argv[3];
const origin = `http://127.0.0.1:${port}`;
const me = process.argv[4] ?? "bob";
let takes = "any";
const log = [];
const notes = new Map();
const followers = new Map();
// Documents as they were given, at paths that Fedify has no dispatcher for.
const shelf = new Map();
const moved = { aliases: [], successor: null };

// Keys are made before the first request: made lazily, two requests could make two sets.
const keyPairs = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];
const federation = createFederation({
  kv: new MemoryKvStore(),
  allowPrivateAddress: true,
  ...(firstKnock ? { firstKnock } : {}),
});

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== me) return null;
    const keys = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: me[0].toUpperCase() + me.slice(1),
      inbox: ctx.getInboxUri(identifier),
      outbox: ctx.getOutboxUri(identifier),
      followers: ctx.getFollowersUri(identifier),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      url: ctx.getActorUri(identifier),
      ...moved,
      publicKey: keys[0].cryptographicKey,
      assertionMethods: keys.map((k) => k.multikey),
    });
  })
  .setKeyPairsDispatcher((_, identifier) => (identifier === me ? keyPairs : []));
federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }));
federation.setOutboxDispatcher("/users/{identifier}/outbox", (ctx) => ({
  items: [...notes.values()].map((n) => create(ctx, n)),
}));
federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
  software: { name: "peer", version: { major: 1, minor: 0, patch: 0 } },
  protocols: ["activitypub"],
  usage: { users: {}, localPosts: 0, localComments: 0 },
}));
federation.setObjectDispatcher(Note, "/notes/{id}", (_, { id }) => {
  // Only public notes are served without a check of the requester.
  const note = notes.get(id);
  return note && [...note.toIds, ...note.ccIds].some((u) => u.href === PUBLIC_COLLECTION.href) ? note : null;
});

const note_it = (kind) => async (ctx, activity) => {
  log.push({ type: kind, id: activity.id?.href, json: await activity.toJsonLd({ contextLoader: ctx.contextLoader }) });
};
federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Follow, async (ctx, follow) => {
    await note_it("Follow")(ctx, follow);
    const follower = await follow.getActor(ctx);
    followers.set(follower.id.href, follower);
    await ctx.sendActivity({ identifier: me }, follower, new Accept({
      id: new URL(`#accept/${Date.now()}`, ctx.getActorUri(me)), actor: ctx.getActorUri(me), object: follow,
    }));
  })
  .on(Accept, note_it("Accept")).on(Reject, note_it("Reject")).on(Create, note_it("Create")).on(Update, note_it("Update"))
  .on(Move, async (ctx, move) => {
    // What a server does with a move: it asks the new account whether it is the old one.
    await note_it("Move")(ctx, move);
    const target = await ctx.lookupObject(move.targetId);
    const agreed = move.objectId?.href === move.actorId.href && target.aliasIds.some((a) => a.href === move.actorId.href);
    if (agreed) await ctx.sendActivity({ identifier: me }, target, new Follow({ id: followId(target), actor: ctx.getActorUri(me), object: target.id }));
  })
  .on(Delete, note_it("Delete")).on(Like, note_it("Like")).on(Announce, note_it("Announce"))
  .on(Activity, async (ctx, activity) => {
    const json = await activity.toJsonLd({ contextLoader: ctx.contextLoader });
    log.push({ type: json.type, id: activity.id?.href, json });
  })
  .on(Undo, async (ctx, undo) => {
    await note_it("Undo")(ctx, undo);
    if ((await undo.getObject(ctx)) instanceof Follow) followers.delete(undo.actorId.href);
  });

function create(ctx, note) {
  return new Create({
    id: new URL("#create", note.id), actor: ctx.getActorUri(me), object: note, tos: note.toIds.map((u) => u), ccs: note.ccIds.map((u) => u),
  });
}

const contextOf = () => federation.createContext(new Request(`${origin}/`), undefined);
const url = (text) => new URL(text);
const followId = (target) => url(`${origin}/follows/${encodeURIComponent(target.id.href)}`);

async function control(action, query) {
  const ctx = contextOf();
  const self = ctx.getActorUri(me);
  const unique = `${Date.now()}${Math.floor(Math.random() * 1e6)}`;
  const target = query.get("target") && (await ctx.lookupObject(query.get("target")));
  const toOne = (recipient, activity) => ctx.sendActivity({ identifier: me }, recipient, activity);
  const toAll = (activity) => ctx.sendActivity({ identifier: me }, "followers", activity, { preferSharedInbox: true });
  switch (action) {
    case "follow":
      return toOne(target, new Follow({ id: followId(target), actor: self, object: target.id }));
    case "unfollow":
      return toOne(target, new Undo({ id: url(`${origin}/undo/${unique}`), actor: self,
        object: new Follow({ id: followId(target), actor: self, object: target.id }) }));
    case "note": {
      const direct = query.get("to") === "direct";
      const followersOnly = ctx.getFollowersUri(me);
      const audience = {
        direct: { to: target?.id },
        followers: { to: followersOnly },
        unlisted: { to: followersOnly, cc: PUBLIC_COLLECTION },
      }[query.get("to")] ?? { to: PUBLIC_COLLECTION, cc: followersOnly };
      const note = new Note({
        id: url(`${origin}/notes/${unique}`), attribution: self, content: query.get("text"),
        published: Temporal.Now.instant(), url: url(`${origin}/notes/${unique}`),
        ...audience,
        ...(query.get("reply_to") ? { replyTarget: url(query.get("reply_to")) } : {}),
      });
      notes.set(unique, note);
      await (direct ? toOne(target, create(ctx, note)) : toAll(create(ctx, note)));
      return { id: note.id.href };
    }
    case "edit": {
      const key = query.get("object").split("/").pop();
      const note = notes.get(key).clone({ content: query.get("text"), updated: Temporal.Now.instant().add({ seconds: 1 }) });
      notes.set(key, note);
      return toAll(new Update({ id: url(`${origin}/update/${unique}`), actor: self, object: note, to: PUBLIC_COLLECTION }));
    }
    case "delete": {
      notes.delete(query.get("object").split("/").pop());
      return toAll(new Delete({ id: url(`${origin}/delete/${unique}`), actor: self, to: PUBLIC_COLLECTION,
        object: new Tombstone({ id: url(query.get("object")) }) }));
    }
    case "like":
      return toOne(target, new Like({ id: url(`${origin}/likes/1`), actor: self, object: url(query.get("object")) }));
    case "unlike":
      return toOne(target, new Undo({ id: url(`${origin}/undo/${unique}`), actor: self,
        object: new Like({ id: url(`${origin}/likes/1`), actor: self, object: url(query.get("object")) }) }));
    case "boost":
      return toOne(target, new Announce({ id: url(`${origin}/boosts/1`), actor: self, object: url(query.get("object")),
        published: Temporal.Now.instant(), to: PUBLIC_COLLECTION, cc: ctx.getFollowersUri(me) }));
    case "unboost":
      return toOne(target, new Undo({ id: url(`${origin}/undo/${unique}`), actor: self,
        object: new Announce({ id: url(`${origin}/boosts/1`), actor: self, object: url(query.get("object")) }) }));
    case "send":
      // Any activity at all, as JSON.
      return toOne(target, await Activity.fromJsonLd(JSON.parse(query.get("json")), {
        documentLoader: ctx.documentLoader, contextLoader: ctx.contextLoader,
      }));
    case "raw": {
      // JSON as it is, signed by Fedify: for what its vocabulary has no class for, and for headers of our own.
      const headers = { "content-type": "application/activity+json", ...JSON.parse(query.get("headers") ?? "{}") };
      const request = new Request(query.get("inbox"), { method: "POST", headers, body: query.get("json") });
      const answer = await fetch(await fedify.signRequest(request, keyPairs[0].privateKey, new URL("#main-key", self)));
      return { status: answer.status, text: await answer.text() };
    }
    case "read": {
      // The unmodified document, requested with Fedify's signature.
      const request = new Request(query.get("object"), { headers: { accept: "application/activity+json" } });
      const answer = await fetch(await fedify.signRequest(request, keyPairs[0].privateKey, new URL("#main-key", self)));
      return { status: answer.status, text: await answer.text() };
    }
    case "serve":
      shelf.set(query.get("path"), query.get("json"));
      return;
    case "become":
      if (query.get("alias")) moved.aliases = [url(query.get("alias"))];
      if (query.get("successor")) moved.successor = url(query.get("successor"));
      return;
    case "digest":
      return { header: await fedify.buildCollectionSynchronizationHeader(query.get("collection"), query.getAll("follower")) };
    case "look_up": {
      const documentLoader = query.get("signed") ? await ctx.getDocumentLoader({ identifier: me }) : undefined;
      const found = await ctx.lookupObject(query.get("object"), documentLoader ? { documentLoader } : {});
      return { json: found && (await found.toJsonLd({ contextLoader: ctx.contextLoader })) };
    }
    case "takes":
      takes = query.get("form");
      return { takes };
    case "log":
      return log;
    case "followers":
      return [...followers.keys()];
    default:
      throw new Error(`no such control: ${action}`);
  }
}

const server = http.createServer(async (req, res) => {
  try {
    const address = new URL(req.url, origin);
    if (address.pathname.startsWith("/_ctl/")) {
      const answer = await control(address.pathname.slice(6), address.searchParams);
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer ?? { ok: true }));
      return;
    }
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = chunks.length ? Buffer.concat(chunks) : undefined;
    const form = req.headers["signature-input"] ? "rfc9421" : req.headers.signature ? "cavage" : "none";
    if (takes !== "any" && form !== "none" && form !== takes) {
      log.push({ type: "refused", form });
      res.writeHead(401).end("signed in a form that is not taken here");
      return;
    }
    if (req.method === "GET" && shelf.has(address.pathname)) {
      log.push({ type: "asked", path: address.pathname, form });
      res.writeHead(200, { "content-type": "application/activity+json" }).end(shelf.get(address.pathname));
      return;
    }
    const headers = new Headers(Object.entries(req.headers).map(([k, v]) => [k, String(v)]));
    const response = await federation.fetch(new Request(address, { method: req.method, headers, body }), { contextData: undefined });
    if (req.method === "POST") {
      log.push({
        type: "request", status: response.status, rfc9421: headers.has("signature-input"),
        sync: headers.get("collection-synchronization"), body: body?.toString(),
      });
    }
    res.writeHead(response.status, Object.fromEntries(response.headers)).end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    res.writeHead(500).end(String(error?.stack ?? error));
  }
});
server.listen(port, "127.0.0.1", () => console.log("ready"));
