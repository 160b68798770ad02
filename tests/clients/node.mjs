// masto.js and megalodon, as their apps use them. Usage: node node.mjs BASE TOKEN
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import * as megalodon from "megalodon";

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
const [user, tag] = [streaming.user.subscribe(), streaming.hashtag.subscribe({ tag: "Live" })];
const arrived = Promise.all([next(user), next(tag)]);
const listening = await client.userStreaming();
const heard = new Promise((resolve) => listening.on("update", resolve));
await new Promise((resolve) => listening.on("connect", resolve));
// A subscription is a message without an answer.
const live = await masto.v1.statuses.create({ status: "a live post #live" });
const [inUser, inTag] = await arrived;
check("masto.js receives a post", inUser.event === "update" && inUser.payload.id === live.id);
check("masto.js receives it by its hashtag", inTag.stream.join() === "hashtag,Live" && inTag.payload.id === live.id);
check("megalodon receives it", (await heard).id === live.id);
streaming.close();
listening.stop();
console.log(JSON.stringify(results));
process.exit(0);
