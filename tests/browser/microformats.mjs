// What microformats readers find on the demo's public pages: h-card, h-feed, h-entry. Run as run.mjs.
import { require, startDemo } from "./shared.mjs";

const { mf2 } = require("microformats-parser");
const [binary] = process.argv.slice(2);
let passed = 0;
let failed = 0;

function check(what, ok, detail = "") {
  ok ? passed++ : failed++;
  console.log(ok ? `  ok    ${what}` : `  FAIL  ${what} ${JSON.stringify(detail)?.slice(0, 1500)}`);
}

const { base, stop } = await startDemo(binary);

async function parsed(path) {
  const response = await fetch(base + path, { headers: { accept: "text/html" } });
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return mf2(await response.text(), { baseUrl: base + path });
}

const ofType = (items, type) => items.filter((item) => item.type.includes(type));
const first = (item, property) => item?.properties[property]?.[0];
const isTime = (text) => /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? "");
const isUrl = (value) => URL.canParse(value?.value ?? value ?? "");

// The faults of an h-entry or h-cite that is shown: who wrote it, when, where it is, and what it says.
function faults(entry) {
  const author = first(entry, "author");
  const tests = {
    author: author?.type?.includes("h-card") && first(author, "name")?.length > 0,
    "author's URL": isUrl(first(author, "url")),
    "author's photo": isUrl(first(author, "photo")),
    published: isTime(first(entry, "published")),
    url: isUrl(first(entry, "url")),
    "one url": entry.properties.url?.length === 1,
    content: typeof first(entry, "content")?.html === "string",
    "no name, since it is a note": !entry.properties.name,
  };
  return Object.entries(tests).filter(([, ok]) => !ok).map(([name]) => name);
}

function checkFeed(what, items) {
  const feeds = ofType(items, "h-feed");
  const entries = feeds[0]?.children ?? [];
  check(`${what} is one named h-feed`, feeds.length === 1 && first(feeds[0], "name")?.length > 0, feeds.length);
  const wrong = entries.map((e) => [first(e, "url"), e.type[0], faults(e)]).filter(([, type, f]) => type !== "h-entry" || f.length);
  check(`each of its ${entries.length} entries is whole`, entries.length > 0 && wrong.length === 0, wrong);
  return entries;
}

// The page of a post: one h-entry, which is the post; the posts around it are h-cite.
async function post(entry) {
  const url = first(entry, "url");
  const { items } = await parsed(new URL(url).pathname);
  const entries = ofType(items, "h-entry");
  check(`${url} is about one post`, entries.length === 1 && first(entries[0], "url") === url && faults(entries[0]).length === 0, entries.map(faults));
  const around = ofType(items, "h-cite");
  check(`and the ${around.length} posts around it are whole`, around.every((cite) => faults(cite).length === 0), around.map(faults));
  return { entry: entries[0], around };
}

try {
  const profile = await parsed("/@wren");
  const card = ofType(profile.items, "h-card")[0];
  check("the profile is a representative h-card", first(card, "url") === `${base}/@wren` && first(card, "uid") === `${base}/@wren`, card);
  check("with a name, a note and a photo", first(card, "name") && first(card, "note") && isUrl(first(card, "photo")), card);
  const entries = checkFeed("the profile", profile.items);
  const saying = (text) => entries.find((e) => first(e, "content").value.includes(text));
  const pictures = saying("Four hours on the hill").properties.photo;
  check("a post has its four pictures with descriptions", pictures?.length === 4 && pictures.every((p) => isUrl(p) && p.alt), pictures);
  const warned = entries.find((e) => first(e, "summary")?.includes("Compost"));
  check("a warned post has its warning as summary, and no pictures apart", warned && !warned.properties.photo, warned?.properties);
  const quoting = saying("thinking about this all day");
  const quoted = first(quoting, "quotation-of");
  check("a quote has what it quotes", quoted?.type.includes("h-cite") && first(first(quoted, "author"), "name") && isUrl(first(quoted, "url")), quoted);
  const { around } = await post(saying("Hello from my own small corner"));
  check("a reply names what it replies to", around.some((cite) => isUrl(first(cite, "in-reply-to"))), around.map((c) => c.properties["in-reply-to"]));
  const replies = (await parsed("/@wren/with_replies")).items;
  const reply = checkFeed("the tab with replies", replies).find((e) => e.properties["in-reply-to"]);
  const page = await post(reply);
  check("also on its own page", isUrl(first(page.entry, "in-reply-to")), page.entry.properties);
  checkFeed("the page of a hashtag", (await parsed("/tags/gardening")).items);
  checkFeed("the profile's posts with a hashtag", (await parsed("/@wren/tagged/gardening")).items);
  const embedded = await parsed(`${new URL(first(reply, "url")).pathname}/embed`);
  check("an embedded post is an h-entry", faults(ofType(embedded.items, "h-entry")[0]).length === 0, embedded.items);
} catch (error) {
  check("the pages are read to the end", false, String(error.stack));
}
await stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
