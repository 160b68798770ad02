// Where browsers load files from: every page that the owner or a visitor can reach by links, with posts and people of another
// server, requests nothing from anywhere but its own server. Run as run.mjs.
import { generateKeyPairSync } from "node:crypto";
import http from "node:http";
import { counter, launch, startServer } from "./shared.mjs";

const [binary] = process.argv.slice(2);
const PAGES = 150;
const { check, finish } = counter();

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGPg6XDAgxhGpbEhAPBrO+kZdUeGAAAAAElFTkSuQmCC", "base64");

// Another server: a person with pictures, posts with attachments and emoji, a page with a picture, and files.
function otherServer() {
  const files = [];
  const server = http.createServer((request, response) => {
    const base = `http://${request.headers.host}`;
    const actor = `${base}/users/ana`;
    const file = (name) => ({ type: "Image", mediaType: "image/png", url: `${base}/files/${name}.png` });
    const blob = { type: "Emoji", name: ":blob:", icon: file("blob") };
    const [kind, name] = request.url.split("/").slice(1);
    const document = {
      users: {
        id: actor, type: "Person", preferredUsername: "ana", name: "Ana :blob:", inbox: `${actor}/inbox`, outbox: `${actor}/outbox`,
        summary: "<p>A :blob: of the sea</p>", icon: file("avatar"), image: file("header"), tag: [blob],
        attachment: [{ type: "PropertyValue", name: ":blob:", value: "here :blob:" }],
        publicKey: { id: `${actor}#main-key`, owner: actor, publicKeyPem: KEY },
      },
      notes: {
        id: `${base}/notes/${name}`, type: "Note", attributedTo: actor, to: [PUBLIC], cc: [], summary: name === "2" ? "a :blob:" : null,
        content: `<p>Post ${name} :blob: <img src="${base}/files/inside.png"></p>`, published: "2026-11-28T10:00:00Z", tag: [blob],
        sensitive: name === "3", quoteUrl: name === "4" ? `${base}/notes/1` : undefined,
        attachment: [
          { ...file(`photo-${name}`), type: "Document", name: "a photo" },
          { type: "Document", mediaType: "video/mp4", url: `${base}/files/film-${name}.mp4` },
          { type: "Document", mediaType: "audio/mpeg", url: `${base}/files/song-${name}.mp3` },
        ],
      },
    }[kind];
    if (kind === "files") {
      files.push(name);
      const body = name.endsWith(".png") ? PNG : Buffer.from(name.endsWith(".mp4") ? "\0\0\0\x1cftypisom" : "ID3\x04", "latin1");
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(body);
    } else if (kind === "page") {
      const head = `<title>A page</title><meta property="og:title" content="A page"><meta property="og:image" content="${base}/files/card.png">`;
      response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><head>${head}</head>`);
    } else if (document) {
      const body = { "@context": "https://www.w3.org/ns/activitystreams", ...document };
      response.writeHead(200, { "content-type": "application/activity+json" }).end(JSON.stringify(body));
    } else {
      response.writeHead(404).end();
    }
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done({ base: `http://127.0.0.1:${server.address().port}`, files, server })));
}

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } }).publicKey;

async function fill(api, other) {
  const find = async (url) => api("GET", `/api/v2/search?resolve=true&q=${encodeURIComponent(url)}`);
  const { accounts: [ana] } = await find(`${other}/users/ana`);
  await api("POST", `/api/v1/accounts/${ana.id}/follow`);
  for (const n of [1, 2, 3, 4]) {
    const { statuses: [post] } = await find(`${other}/notes/${n}`);
    await api("POST", `/api/v1/statuses/${post.id}/reblog`);
    await api("POST", `/api/v1/statuses/${post.id}/bookmark`);
    await api("POST", `/api/v1/statuses/${post.id}/favourite`);
    await api("POST", "/api/v1/statuses", { status: "A reply", in_reply_to_id: post.id });
  }
  const linked = await api("POST", "/api/v1/statuses", { status: `Read ${other}/page/1` });
  for (let n = 0; n < 100; n++) {
    if ((await api("GET", `/api/v1/statuses/${linked.id}`)).card) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("the link has no preview");
}

// Visits all pages that can be reached by links. Returns their number, and what they requested from elsewhere.
async function crawl(page, base, first) {
  const foreign = new Set();
  page.on("request", (request) => {
    if (!request.url().startsWith(`${base}/`)) foreign.add(`${page.url()} -> ${request.url()}`);
  });
  const [open, seen, shown] = [[...first], new Set(first), new Set()];
  let visited = 0;
  while (open.length && visited < PAGES) {
    await page.goto(base + open.shift());
    visited++;
    const links = await page.evaluate(async () => {
      for (const media of document.querySelectorAll("video, audio")) {
        media.preload = "auto";
        media.load();
      }
      document.querySelectorAll("details").forEach((d) => (d.open = true));
      const pictures = [...document.images];
      pictures.forEach((picture) => (picture.loading = "eager"));
      await Promise.all(pictures.map((picture) => picture.complete || new Promise((done) => (picture.onload = picture.onerror = done))));
      return {
        pages: [...document.querySelectorAll("a[href]")].map((a) => new URL(a.href)).filter((u) => u.origin === location.origin).map((u) => u.pathname + u.search),
        proxied: pictures.filter((p) => p.src.includes("/proxy/")).map((p) => [p.src, p.naturalWidth]),
      };
    });
    for (const [src, width] of links.proxied) shown.add(width > 0 ? "shown" : `missing: ${src}`);
    for (const path of links.pages) {
      const isPage = !/^\/(proxy|media|static|avatars|logout)|\.(atom|ics)$/.test(path);
      if (isPage && !seen.has(path)) {
        seen.add(path);
        open.push(path);
      }
    }
  }
  return { visited, foreign: [...foreign], shown: [...shown] };
}

const other = await otherServer();
const { base, api, enter } = await startServer(binary);
await fill(api, other.base);
const browser = await launch();
try {
  const owner = await (await browser.newContext()).newPage();
  await enter(owner);
  const visitor = await (await browser.newContext()).newPage();
  const walks = [
    ["the owner", owner, ["/home", "/notifications", "/people/following", "/bookmarks", "/favourites", "/search?q=post", "/settings"]],
    ["a visitor", visitor, ["/", "/@alice", "/@alice/with_replies", "/about"]],
  ];
  for (const [who, page, first] of walks) {
    const before = other.files.length;
    const { visited, foreign, shown } = await crawl(page, base, first);
    check(`${visited} pages of ${who} request nothing from other servers`, foreign.length === 0, foreign.slice(0, 5).join("\n"));
    check(`the files of other servers are shown to ${who}`, shown.length === 1 && shown[0] === "shown", shown.slice(0, 5).join("\n"));
    console.log(`        ${other.files.length - before} files were fetched by the server`);
  }
  const names = ["avatar.png", "header.png", "blob.png", "photo-1.png", "film-1.mp4", "song-1.mp3", "card.png"];
  const counts = names.map((name) => [name, other.files.filter((file) => file === name).length]);
  check("each file was fetched once", counts.every(([, n]) => n === 1), JSON.stringify(counts));
  check("pictures inside of the text are not loaded", !other.files.includes("inside.png"));
} catch (error) {
  check("the crawl comes to its end", false, error);
}
await browser.close();
other.server.close();
finish();
