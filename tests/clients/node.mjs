// masto.js and megalodon, as their apps use them. Usage: node node.mjs BASE TOKEN
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import * as megalodon from "megalodon";
import WebSocket from "ws";

const [base, token] = process.argv.slice(2);
const results = [];
const check = (what, ok) => results.push([what, Boolean(ok)]);

const masto = createRestAPIClient({ url: base, accessToken: token });
const me = await masto.v1.accounts.verifyCredentials();
check("masto.js knows who it is", me.username === "alice" && me.source.note === "");
const made = await masto.v1.statuses.create({ status: "from masto.js", visibility: "unlisted" });
check("masto.js posts", made.content === "<p>from masto.js</p>" && made.visibility === "unlisted");
const pages = [];
for await (const page of masto.v1.timelines.home.list({ limit: 1 })) pages.push(...page);
check("masto.js pages to the end of home", pages.length >= 1 && pages[0].id === made.id);
const context = await masto.v1.statuses.$select(made.id).context.fetch();
check("masto.js reads a thread", context.ancestors.length === 0);

const generator = megalodon.default?.default ?? megalodon.default;
check("megalodon knows what server this is", (await megalodon.detector(base)) === "mastodon");
const client = generator("mastodon", base, token);
const account = await client.verifyAccountCredentials();
check("megalodon knows who it is", account.data.username === "alice");
const posted = await client.postStatus("from megalodon");
check("megalodon posts", posted.data.content.includes("from megalodon"));
const home = await client.getHomeTimeline({ limit: 2 });
check("megalodon reads home", home.data[0].id === posted.data.id);
check("megalodon reads the instance", (await client.getInstance()).data.uri.length > 0);

// One connection with several streams, as Phanpy and Elk use it; then one stream each, as megalodon does.
const next = (events) => events[Symbol.asyncIterator]().next().then((result) => result.value);
const streaming = createStreamingAPIClient({
  streamingApiUrl: base.replace("http", "ws"),
  accessToken: token,
  implementation: WebSocket,
});
const listening = await client.userStreaming();
let heard;
const arrived = Promise.all([
  next(streaming.user.subscribe()),
  next(streaming.hashtag.subscribe({ tag: "Live" })),
  new Promise((resolve) => listening.on("update", resolve)),
]).then((all) => (heard = all));
const live = new Set();
// Neither says when it has subscribed, so there is a post every half second until all have heard one.
for (let tries = 0; !heard && tries < 40; tries++) {
  live.add((await masto.v1.statuses.create({ status: `live post ${tries} #live` })).id);
  await Promise.race([arrived, new Promise((resolve) => setTimeout(resolve, 500))]);
}
const [inUser, inTag, inMegalodon] = heard ?? [];
check("masto.js receives a post", inUser?.event === "update" && live.has(inUser.payload.id));
check("masto.js receives it by its hashtag", inTag?.stream.join() === "hashtag,Live" && live.has(inTag.payload.id));
check("megalodon receives it", live.has(inMegalodon?.id));
console.log(JSON.stringify(results));
process.exit(0);
