// What the browser suite, the gallery and the quality table share. Their working directory has the node_modules.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export { startDemo } from "./demo.mjs";

export const require = createRequire(join(process.cwd(), "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

export const password = "correct horse battery";

// Counts what is checked, and ends the process with the result.
export function counter() {
  let [passed, failed] = [0, 0];
  const check = (what, ok, detail = "") => {
    ok ? passed++ : failed++;
    console.log(ok ? `  ok    ${what}` : `  FAIL  ${what} ${detail}`);
  };
  const finish = () => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed || !passed ? 1 : 0);
  };
  return { check, finish };
}

// An action without a new page takes effect a little later.
export const appears = (locator) => locator.first().waitFor({ timeout: 10_000 }).then(() => true, () => false);
export const vanishes = (locator) => locator.first().waitFor({ state: "hidden", timeout: 10_000 }).then(() => true, () => false);

export const freePort = () => new Promise((done) => {
  const server = net.createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

// Starts a server that is set up. Returns its address, its API with a token of the owner, and how the owner signs in.
export async function startServer(binary, user = "alice") {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "dassie-browser-"));
  const run = (args, input = "") => execFileSync(binary, ["--data", data, ...args], { input, stdio: ["pipe", "pipe", "ignore"] }).toString().trim();
  run(["init", "--yes", "--user", user, "--domain", `127.0.0.1:${port}`, "--password-stdin"], password);
  const token = run(["token", "create", "--scope", "read write follow"]);
  const child = spawn(binary, ["--data", data, "serve", "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => {
    child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  });
  await new Promise((done) => child.stdout.once("data", done));
  const base = `http://127.0.0.1:${port}`;
  const api = async (method, path, fields) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(base + path, { method, headers, body: fields && JSON.stringify(fields) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const enter = async (page) => {
    await page.goto(`${base}/login`);
    await page.getByLabel("User name").fill(user);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/home/);
  };
  return { base, api, enter };
}

// The violations of WCAG 2.2 AA on a page: [rule, impact, places]. The page's own policy forbids added scripts, so the checker
// runs in a world of its own.
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const run = `${axe};axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })
    .then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.impact, v.nodes.map((n) => n.html.slice(0, 120) + " " + n.failureSummary)])))`;
  const { result } = await session.send("Runtime.evaluate", { expression: run, contextId: executionContextId, awaitPromise: true });
  await session.detach();
  return JSON.parse(result.value);
}

// A Python program that writes a picture with stripes.
export const png = `
import sys, zlib, struct
w, h = 640, 400
rows = b"".join(b"\\0" + b"".join(bytes((170 + 60 * ((y // 40) % 2), 110 + y // 8, 70 + x // 16)) for x in range(w)) for y in range(h))
chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
sys.stdout.buffer.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
`;

// Signs in to the demo with its one click.
export async function signIn(page, base) {
  await page.goto(`${base}/login`);
  await page.getByRole("button", { name: "Open the demo" }).click();
  await page.waitForURL(/\/home/);
}

// The pages of the demo: [name, path, whether the owner sees them]. `page` is that of the owner.
export async function demoPages(page, base) {
  await page.goto(`${base}/@wren`);
  const linkOf = (text) => page.locator("article", { hasText: text }).first().locator(".times a.u-url").first().getAttribute("href");
  const path = (url) => new URL(url, base).pathname;
  const pictures = path(await linkOf("Four hours on the hill"));
  const poll = path(await linkOf("The last bed before the frost"));
  const markdown = path(await linkOf("Notes on sowing"));
  const id = pictures.split("/").pop();
  await page.goto(`${base}/search?q=last+train`);
  const thread = path(await linkOf("between the last train"));
  await page.goto(`${base}/lists`);
  const list = path(await page.getByRole("link", { name: "Early risers" }).first().getAttribute("href"));
  await page.goto(`${base}/filters`);
  const filter = path(await page.getByRole("link", { name: "No spoilers" }).first().getAttribute("href"));
  const visitor = {
    profile: "/@wren", replies: "/@wren/with_replies", media: "/@wren/media", pictures, poll, markdown, tag: "/tags/gardening",
    embed: `${pictures}/embed`, about: "/about", interact: `/interact?uri=${encodeURIComponent(base + pictures)}`, login: "/login", offline: "/offline", missing: "/@wren/1",
  };
  const owner = {
    home: "/home", "catch-up": "/catch-up?hours=168", notifications: "/notifications", mentions: "/notifications/mentions", requests: "/notifications/requests", thread,
    "own-profile": "/@wren", compose: "/compose", reply: `/compose?reply_to=${thread.split("/").pop()}`, options: `/posts/${id}`, inspect: `/x/${id}`,
    person: "/u/ida@moss.example", "person-long": "/u/tomas@atlas.example", "person-rtl": "/u/shirin@bustan.example", search: "/search?q=bread",
    messages: "/conversations", lists: "/lists", list, "list-edit": `${list}/edit`, filters: "/filters", filter, drafts: "/drafts", scheduled: "/scheduled",
    bookmarks: "/bookmarks", favourites: "/favourites", hashtags: "/hashtags", library: "/library", shortcuts: "/shortcuts",
  };
  for (const people of ["followers", "following", "requests", "muted", "blocked"]) owner[`people-${people}`] = `/people/${people}`;
  for (const group of ["profile", "appearance", "posting", "privacy", "notifications", "security", "two-factor", "passkeys", "apps", "development", "emoji", "move", "about", "server"]) {
    owner[`settings-${group}`] = `/settings/${group}`;
  }
  const rows = (pages, signedIn) => Object.entries(pages).map(([name, path]) => ({ name, path, signedIn }));
  return [...rows(visitor, false), ...rows(owner, true)];
}
