// A person in a browser, with and without scripts: setup, first post, reply, profile, thread, sign out and in again.
// Screenshots go to target/screenshots. Run from a folder whose node_modules has playwright-core and axe-core.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appears, counter, freePort, launch, password, png, violations } from "./shared.mjs";

const [binary, shots] = process.argv.slice(2);
const { check, finish } = counter();

async function newServer() {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), "dassie-browser-"));
  const child = spawn(binary, ["--data", data, "serve", "--listen", `127.0.0.1:${port}`]);
  process.on("exit", () => {
    child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  });
  const link = await new Promise((done, fail) => {
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
      const found = out.match(/http:\S+\/setup\?token=\S+/);
      if (found) done(found[0]);
    });
    child.on("exit", () => fail(new Error(`the server ended: ${out}`)));
  });
  return { base: `http://localhost:${port}`, link };
}

const problems = [];

async function newPage(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (m) => m.type() === "error" && problems.push(`${page.url()}: ${m.text()}`));
  page.on("pageerror", (e) => problems.push(`${page.url()}: ${e}`));
  return page;
}

async function accessible(page, what) {
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme });
    const serious = (await violations(page)).filter(([, impact]) => ["serious", "critical"].includes(impact));
    check(`${what} has no serious accessibility fault, ${colorScheme}`, serious.length === 0, JSON.stringify(serious, null, 1));
  }
}

async function shoot(page, name) {
  for (const [width, height] of [[1280, 900], [360, 740]]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: false });
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1).catch(() => false);
    check(`${name} fits ${width} pixels`, !wide);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function post(page, base, text, more = async () => {}) {
  await page.goto(`${base}/home`);
  await page.getByLabel("What's on your mind?").fill(text);
  await more();
  await page.getByRole("button", { name: "Post", exact: true }).click();
}

async function story(browser, script) {
  const how = script ? "with scripts" : "without scripts";
  const { base, link } = await newServer();
  const page = await newPage(browser, { javaScriptEnabled: script });
  await page.goto(link);
  if (script) {
    await accessible(page, "setup");
    await shoot(page, "setup");
  }
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Display name").fill("Alice of the Rocks");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create my account" }).click();
  check(`setup ends at home (${how})`, page.url().includes("/home"), page.url());
  await post(page, base, "Good morning from my own server! #introduction");
  check(`the first post is at home (${how})`, await page.getByText("Good morning from my own server!").first().isVisible());
  const used = await page.request.get(link, { maxRedirects: 0, headers: { cookie: "" } });
  check(`the setup link works once (${how})`, used.status() === 303 || used.status() === 404, used.status());

  await post(page, base, "A longer thought about rocks:\n\nThey are warm in the evening, and nobody asks them for an e-mail address. https://example.org/essays/on-the-warmth-of-rocks-in-the-evening", async () => {
    await page.getByText("Pictures, poll, warning…").click();
    const stripes = execFileSync("python3", ["-c", png], { maxBuffer: 1e7 });
    await page.getByLabel("Pictures", { exact: true }).setInputFiles({ name: "rocks.png", mimeType: "image/png", buffer: stripes });
    await page.getByLabel(/Describe th(e|is) picture/).fill("Stripes of warm stone under an evening sky");
  });
  await post(page, base, "Not everybody likes spiders, so this one is behind a warning.", async () => {
    await page.getByText("Pictures, poll, warning…").click();
    await page.getByLabel("Content warning").fill("Spiders");
  });
  const article = page.locator("article", { hasText: "Good morning" });
  await article.getByRole("button", { name: "Favourite" }).click();
  const pressed = (name) => page.locator("article", { hasText: "Good morning" }).getByRole("button", { name, pressed: true });
  check(`a favourite (${how})`, await appears(pressed("Favourite")));
  await page.locator("article", { hasText: "Good morning" }).getByRole("button", { name: "Boost" }).click();
  await appears(pressed("Boost"));
  await page.goto(`${base}/home`);
  check(`a boost (${how})`, await appears(pressed("Boost")));
  await page.locator("article", { hasText: "longer thought" }).getByRole("link", { name: "Reply" }).click();
  const form = page.locator(script ? ".reply-place" : "main");
  await form.getByLabel("What's on your mind?").fill("And another thing: moss.");
  await form.getByRole("button", { name: "Reply", exact: true }).click();
  if (script) await page.getByRole("link", { name: "Open", exact: true }).click();
  await page.waitForURL(/\/@alice\/\d+/);
  check(`a reply opens its thread (${how})`, await page.getByText("warm in the evening").first().isVisible());
  const thread = page.url();
  await post(page, base, "Which rock is the warmest?", async () => {
    await page.getByText("Pictures, poll, warning…").click();
    await page.getByLabel("Option 1", { exact: true }).fill("Granite");
    await page.getByLabel("Option 2", { exact: true }).fill("Basalt");
  });
  const poll = page.locator("article", { hasText: "Which rock is the warmest?" });
  check(`a poll shows its options (${how})`, (await poll.getByText("Granite").isVisible()) && (await poll.getByText("0 people").isVisible()));
  await poll.locator(".options summary").click();
  await poll.getByRole("link", { name: "React with an emoji" }).click();
  if (script) await accessible(page, "more");
  await page.goto(`${base}/home`);
  await poll.locator(".options summary").click();
  await poll.getByRole("link", { name: "Quote" }).click();
  await page.getByLabel("What's on your mind?").fill("I am for granite.");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.goto(`${base}/home`);
  const quote = page.locator("article", { hasText: "I am for granite." }).first();
  check(`a quote shows what it quotes (${how})`, await quote.getByText("Which rock is the warmest?").isVisible());
  await quote.locator(".options summary").click();
  await quote.getByRole("link", { name: "Inspect document and deliveries" }).click();
  check(`a post can be inspected (${how})`, await page.getByText("quoteUrl").first().isVisible());
  if (script) {
    await accessible(page, "x-ray");
    await shoot(page, "xray");
  }
  await page.goto(`${base}/home`);
  if (script) {
    await accessible(page, "home");
    await shoot(page, "home");
    await page.goto(`${base}/notifications`);
    await accessible(page, "notifications");
    await ownPages(page, base);
  }
  await page.goto(`${base}/settings/profile`);
  await page.getByLabel("About you").fill("A rock hyrax with opinions. https://example.org");
  await page.getByLabel("Label 1").fill("Home");
  await page.getByLabel("Content 1").fill("https://example.org");
  await page.getByRole("button", { name: "Save" }).click();
  check(`the profile is saved (${how})`, await page.getByText("Saved.").isVisible());

  const visitor = await newPage(browser, { javaScriptEnabled: script });
  await visitor.goto(`${base}/@alice`);
  check(`a visitor sees the profile (${how})`, await visitor.getByText("A rock hyrax with opinions").isVisible());
  check(`and no cookie is set (${how})`, (await visitor.context().cookies()).length === 0);
  if (script) {
    await accessible(visitor, "profile");
    await shoot(visitor, "profile");
    await visitor.goto(thread);
    await accessible(visitor, "thread");
    await shoot(visitor, "thread");
    await weigh(base, thread);
  }
  await visitor.goto(`${base}/@alice/1`);
  check(`a missing page is reported (${how})`, await visitor.getByText("Page not found").isVisible());

  await page.goto(`${base}/settings`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${base}/home`);
  check(`home asks to sign in (${how})`, page.url().includes("/login"), page.url());
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  check(`a wrong password is reported (${how})`, await page.getByText("The user name or the password is wrong").isVisible());
  if (script) await accessible(page, "sign-in");
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  check(`signing in opens the requested page (${how})`, page.url().endsWith("/home"), page.url());
  if (script) await passkey(page, base);
}

// The owner's other pages, with a list and a filter.
async function ownPages(page, base) {
  await page.goto(`${base}/lists`);
  await page.getByLabel("Title").fill("Friends of rocks");
  await page.getByRole("button", { name: "Create list" }).click();
  check("a list is made", await page.getByText("The list was created").isVisible());
  await accessible(page, "list-edit");
  await shoot(page, "list-edit");
  await page.goto(`${base}/filters/new`);
  await accessible(page, "filter");
  await shoot(page, "filter");
  await page.getByLabel("Title").fill("Spiders");
  await page.getByLabel("Keyword 1").fill("spider");
  await page.getByRole("button", { name: "Save" }).click();
  check("a filter is made", await page.getByText("Saved.").isVisible());
  for (const path of OWN_PAGES) {
    await page.goto(base + path);
    const name = path.slice(1).replaceAll("/", "-");
    await accessible(page, name);
    await shoot(page, name);
  }
}

// A device that verifies its user, in software.
async function passkey(page, base) {
  await page.goto(`${base}/settings/security`);
  await page.getByRole("link", { name: "Add a passkey" }).click();
  await accessible(page, "the page that asks for the password");
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Name").fill("My laptop");
  await shoot(page, "passkey");
  await page.bringToFront();
  const device = await page.context().newCDPSession(page);
  await device.send("WebAuthn.enable");
  await device.send("WebAuthn.addVirtualAuthenticator", { options: {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  } });
  await page.getByRole("button", { name: "Create the passkey" }).click();
  check("a passkey is added", await appears(page.getByText("My laptop")));
  await page.context().clearCookies();
  await page.goto(`${base}/login?next=/bookmarks`);
  await accessible(page, "signing in with a passkey");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL("**/bookmarks");
  check("a passkey signs in", page.url().endsWith("/bookmarks"), page.url());
}

const OWN_PAGES = [
  "/lists", "/filters", "/notifications/mentions", "/notifications/requests", "/people/followers", "/bookmarks",
  "/settings", "/settings/profile", "/settings/appearance", "/settings/posting", "/settings/privacy", "/settings/notifications",
  "/settings/security", "/settings/two-factor", "/settings/move", "/settings/apps", "/settings/development", "/settings/server", "/drafts", "/scheduled",
  "/conversations", "/hashtags", "/library", "/@alice/pinned", "/tags/introduction",
];

async function weigh(base, thread) {
  const gzip = { "accept-encoding": "gzip" };
  const size = async (url) => Number((await fetch(url, { headers: gzip })).headers.get("content-length"));
  const whole = (await size(thread)) + (await size(`${base}/static/dassie.css`));
  check(`a post's page with its style weighs at most 14 KB (${whole} bytes)`, whole <= 14 * 1024, whole);
}

mkdirSync(shots, { recursive: true });
const browser = await launch();
try {
  await story(browser, true);
  await story(browser, false);
} catch (error) {
  check("the story comes to its end", false, error);
}
// The pages that answer 4xx on purpose are an error line in the console; everything else there is a fault.
const unexpected = problems.filter((p) => !(/status of 4\d\d/.test(p) && /(@alice\/1|\/login)[^/]*:/.test(p)));
check("no error and no policy violation in the console", unexpected.length === 0, unexpected.join("\n"));
await browser.close();
finish();
