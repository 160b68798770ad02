// The main tasks of the owner and of a visitor in Firefox, on the demo: node firefox.mjs BINARY. Run from a folder whose
// node_modules has puppeteer-core, which drives Firefox by WebDriver BiDi. FIREFOX names its program.
import { createRequire } from "node:module";
import { join } from "node:path";
import { startDemo } from "./demo.mjs";

const puppeteer = createRequire(join(process.cwd(), "x.js"))("puppeteer-core");
const [binary] = process.argv.slice(2);
let passed = 0;
let failed = 0;

function check(what, ok, detail = "") {
  ok ? passed++ : failed++;
  console.log(ok ? `  ok    ${what}` : `  FAIL  ${what} ${detail}`);
}

const { base, stop } = await startDemo(binary);
const browser = await puppeteer.launch({
  browser: "firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", headless: true,
  extraPrefsFirefox: { "network.captive-portal-service.enabled": false, "app.update.disabledForTesting": true },
});
const owner = await browser.newPage();
await owner.setViewport({ width: 1000, height: 800 });

const shows = (page, text) => page.evaluate((text) => document.body.innerText.includes(text), text);
const path = (page) => new URL(page.url()).pathname;

// Clicks the first element that matches the selector and has the text, and waits for the page that it opens.
async function click(page, selector, text = "") {
  const handle = await page.evaluateHandle((selector, text) => {
    return [...document.querySelectorAll(selector)].find((e) => (e.innerText || e.value || "").includes(text)) ?? null;
  }, selector, text);
  const element = handle.asElement();
  if (!element) throw new Error(`${path(page)} has no ${selector} with ${text}`);
  await Promise.all([page.waitForNavigation(), element.click()]);
}

// Opens the menu of a post that has the text, and chooses from it.
async function choose(page, text, label) {
  const link = await page.evaluate((text, label) => {
    const post = [...document.querySelectorAll("article")].find((e) => e.innerText.includes(text));
    return [...post.querySelectorAll(".options a")].find((e) => e.textContent.includes(label))?.getAttribute("href");
  }, text, label);
  await page.goto(new URL(link, base).href);
}

// The state of a button of a post, after it was pressed.
async function presses(page, text, name) {
  const state = (press) => page.evaluate((text, name, press) => {
    const post = [...document.querySelectorAll("article")].find((e) => e.innerText.includes(text));
    const button = post.querySelector(`button.${name}`);
    if (press) button.click();
    return button.getAttribute("aria-pressed");
  }, text, name, press);
  const before = await state(true);
  for (let wait = 0; wait < 50; wait++) {
    await new Promise((done) => setTimeout(done, 100));
    const now = await state(false).catch(() => before);
    if (now !== before) return now;
  }
  return before;
}

const tasks = {
  async "signs in"() {
    await owner.goto(`${base}/login`);
    await click(owner, "button", "Open the demo");
    return path(owner) === "/home";
  },
  async "reads home"() {
    return (await owner.$$("article")).length >= 20 && (await shows(owner, "Found on the north side"));
  },
  async "writes a post"() {
    await owner.goto(`${base}/home`);
    await owner.type("#text", "Written in Firefox, above the harbour.");
    await click(owner, ".compose button.main", "Post");
    await owner.goto(`${base}/home`);
    return shows(owner, "Written in Firefox");
  },
  async "replies"() {
    await owner.click("article:nth-of-type(2) a.reply");
    await owner.waitForSelector(".reply-place textarea");
    await owner.type(".reply-place textarea", "A reply from Firefox.");
    await owner.click(".reply-place .button.main");
    await owner.waitForSelector(".reply-place", { hidden: true });
    await owner.goto(`${base}/home`);
    return shows(owner, "A reply from Firefox.");
  },
  async "boosts and favourites"() {
    await owner.goto(`${base}/home`);
    const text = "Found on the north side";
    return (await presses(owner, text, "boost")) === "true" && (await presses(owner, text, "favourite")) === "true";
  },
  async "edits"() {
    await owner.goto(`${base}/home`);
    await choose(owner, "Written in Firefox", "Edit");
    await owner.$eval("#text", (field) => { field.value = ""; });
    await owner.type("#text", "Edited in Firefox.");
    await click(owner, "button.main", "Save");
    return shows(owner, "Edited in Firefox.");
  },
  async "deletes"() {
    await owner.goto(`${base}/home`);
    await choose(owner, "Edited in Firefox", "Delete");
    await (await owner.$("#delete summary")).click();
    await click(owner, "#delete button");
    return path(owner) === "/home" && !(await shows(owner, "Edited in Firefox"));
  },
  async "searches, and asks to follow"() {
    await owner.goto(`${base}/home`);
    await owner.type("#q", "orlando");
    await Promise.all([owner.waitForNavigation(), owner.keyboard.press("Enter")]);
    await click(owner, "a", "Orlando");
    await (await owner.$("button.main[formaction$='/follow']")).click();
    // The demo connects to no other server, and says so.
    const answer = () => owner.$eval(".profile", (profile) => /Cancel request|this is a demo/.test(profile.innerText)).catch(() => false);
    for (let wait = 0; wait < 50 && !(await answer()); wait++) await new Promise((done) => setTimeout(done, 100));
    return answer();
  },
  async "accepts a follower"() {
    await owner.goto(`${base}/people/requests`);
    await (await owner.$(".person button[formaction$='/accept']")).click();
    const waits = () => owner.$(".person button[formaction$='/accept']").catch(() => true);
    for (let wait = 0; wait < 50 && (await waits()); wait++) await new Promise((done) => setTimeout(done, 100));
    return !(await waits());
  },
  async "reads notifications"() {
    await owner.goto(`${base}/notifications`);
    return (await owner.$$(".notification")).length > 5;
  },
  async "changes a setting"() {
    await owner.goto(`${base}/settings/profile`);
    await owner.$eval("#display_name", (field) => { field.value = ""; });
    await owner.type("#display_name", "Wren of Firefox");
    await click(owner, "form.stack button", "Save");
    return shows(owner, "Saved.");
  },
  async "a visitor reads a thread, and opens a warning"() {
    const visitor = await (await browser.createBrowserContext()).newPage();
    await visitor.goto(`${base}/@wren`);
    const named = await shows(visitor, "Wren of Firefox");
    await visitor.$eval("details.cw > summary", (summary) => summary.click());
    const opened = await shows(visitor, "It reached 61");
    await click(visitor, ".times a.u-url");
    return named && opened && (await visitor.$("article.focus")) !== null;
  },
  async "a visitor is sent to their own server to follow"() {
    const visitor = await (await browser.createBrowserContext()).newPage();
    await visitor.goto(`${base}/@wren`);
    await click(visitor, ".bar a.button", "Follow");
    return path(visitor) === "/interact" && (await visitor.$("input[name=handle]")) !== null;
  },
};

const faults = [];
owner.on("pageerror", (error) => faults.push(String(error)));
for (const [task, run] of Object.entries(tasks)) {
  try {
    check(task, await run(), owner.url())
  } catch (error) {
    check(task, false, error);
  }
}
check("no script fails", faults.length === 0, faults.join("\n"));
await browser.close();
await stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
