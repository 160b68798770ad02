// The quality of each page of the demo, as a table:
// node quality.mjs BINARY. Run from a folder whose node_modules has playwright-core, axe-core and html-validate.
// It fails if a page has a violation or an error, or is above its budget.
import { gzipSync } from "node:zlib";
import { demoPages, launch, require, signIn, startDemo, violations } from "./shared.mjs";

const [binary] = process.argv.slice(2);
const { HtmlValidate } = require("html-validate");
const validator = new HtmlValidate({ extends: ["html-validate:standard"] });
const RUNS = 15;
// Bytes after gzip: a public page with its style, and the HTML of a page of the owner.
const BUDGET = { visitor: 14 * 1024, owner: 25 * 1024, css: 10 * 1024, js: 10 * 1024, visitorJs: 1024 };

const zipped = (text) => gzipSync(text, { level: 9 }).length;
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];

// Loads a page in a new tab, so that nothing is cached, and measures what it loads.
async function load(context, url) {
  const page = await context.newPage();
  const sizes = { css: 0, js: 0, requests: 0, foreign: 0 };
  const bodies = [];
  page.on("response", (response) => {
    const type = response.request().resourceType();
    if (type === "document") return;
    if (new URL(response.url()).origin !== new URL(url).origin) sizes.foreign++;
    if (type !== "image" && type !== "media") sizes.requests++;
    const kind = { stylesheet: "css", script: "js" }[type];
    if (kind) bodies.push(response.body().then((body) => { sizes[kind] += zipped(body); }, () => {}));
  });
  await page.goto(url, { waitUntil: "networkidle" });
  await Promise.all(bodies);
  return { page, sizes };
}

const controls = (page) => page.locator("a[href], button, input:not([type=hidden]), select, textarea, summary").count();

async function measure(row, base, { context, plain }) {
  const { page, sizes } = await load(context, base + row.path);
  const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  const times = [];
  let html = "";
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    html = await (await fetch(base + row.path, { headers: { cookie } })).text();
    times.push(performance.now() - start);
  }
  const report = await validator.validateString(html);
  const errors = report.results.flatMap((r) => r.messages).map((m) => `${m.ruleId}: ${m.message} (line ${m.line})`);
  let faults = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    faults.push(...(await violations(page)).map(([rule, , places]) => `${rule}: ${places[0]}`));
  }
  const without = await plain.newPage();
  await without.goto(base + row.path);
  const [some, all] = [await controls(without), await controls(page)];
  await without.close();
  await page.close();
  return { ...sizes, html: zipped(html), errors, faults, plain: `${some}/${all}`, time: median(times) };
}

const { base, stop } = await startDemo(binary);
const browser = await launch();
const problems = [];
try {
  const pair = async () => {
    const [context, plain] = [await browser.newContext(), await browser.newContext({ javaScriptEnabled: false })];
    return { context, plain };
  };
  const [owner, visitor] = [await pair(), await pair()];
  for (const context of [owner.context, owner.plain]) await signIn(await context.newPage(), base);
  const pages = await demoPages(await owner.context.newPage(), base);
  console.log("page                     | HTML gz | CSS gz | JS gz | requests | axe | HTML errors | controls without/with script | p50 ms");
  for (const row of pages) {
    const m = await measure(row, base, row.signedIn ? owner : visitor);
    const cells = [row.name.padEnd(24), m.html, m.css, m.js, m.requests, m.faults.length, m.errors.length, m.plain, m.time.toFixed(1)];
    console.log(cells.join(" | "));
    problems.push(...[...m.errors, ...m.faults].map((text) => `${row.name}: ${text}`));
    const whole = row.signedIn ? m.html : m.html + m.css;
    if (whole > (row.signedIn ? BUDGET.owner : BUDGET.visitor) || m.css > BUDGET.css || m.js > BUDGET.js) problems.push(`${row.name}: above its budget`);
    if (m.foreign) problems.push(`${row.name}: ${m.foreign} requests to other servers`);
    if (!row.signedIn && m.js > BUDGET.visitorJs) problems.push(`${row.name}: a visitor loads a large script`);
  }
} finally {
  await browser.close();
  await stop();
}
console.log(problems.length ? `\n${problems.join("\n")}` : "\nno violation, no error, every page within its budget");
process.exit(problems.length ? 1 : 0);
