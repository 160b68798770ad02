// The taps that the main tasks take on a phone, with and without a script, as a table:
// node taps.mjs BINARY. Run from a folder whose node_modules has playwright-core and axe-core.
// It fails if a task is not done, or takes more taps than its budget. Each task begins at home. Typing is free; the key that
// sends a field is a tap, and so is each step in a dialog of the system.
import { execFileSync } from "node:child_process";
import { launch, png, signIn, startDemo } from "./shared.mjs";

const [binary] = process.argv.slice(2);
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: "en" };

// The owner's phone, which counts what is tapped.
class Phone {
  constructor(page, base, hasScript) {
    Object.assign(this, { page, base, hasScript, taps: 0 });
  }

  async begin() {
    await this.page.goto(`${this.base}/home`);
    this.taps = 0;
  }

  async tap(control) {
    this.taps++;
    await control.tap();
  }

  // Taps a field unless it has the focus already, and types.
  async write(field, text) {
    await field.waitFor();
    if (!(await field.evaluate((element) => element === document.activeElement))) await this.tap(field);
    await field.fill(text);
  }

  async send(field) {
    this.taps++;
    await field.press("Enter");
  }

  // One tap opens the dialog of the system, and one chooses the picture.
  async choose(field, name) {
    const dialog = this.page.waitForEvent("filechooser");
    await this.tap(field);
    this.taps++;
    const buffer = execFileSync("python3", ["-c", png], { maxBuffer: 1e7 });
    await (await dialog).setFiles({ name, mimeType: "image/png", buffer });
  }

  post(text) {
    return this.page.locator("article", { hasText: text }).first();
  }

  button(name, root = this.page) {
    return root.getByRole("button", { name, exact: true }).first();
  }

  async search(words) {
    const field = this.page.getByRole("searchbox");
    await this.write(field, words);
    await this.send(field);
  }

  async shows(locator) {
    await locator.first().waitFor({ timeout: 10_000 });
  }
}

const TASKS = {
  "post a text": [2, async (phone, mark) => {
    await phone.write(phone.page.getByLabel("What's on your mind?"), `A short note ${mark}`);
    await phone.tap(phone.button("Post"));
    await phone.shows(phone.post(`A short note ${mark}`));
  }],
  "post a picture with a description": [5, async (phone, mark) => {
    await phone.tap(phone.page.getByText("Pictures, poll, warning…"));
    await phone.choose(phone.page.getByLabel("Pictures", { exact: true }), `${mark}.png`);
    await phone.write(phone.page.getByLabel(phone.hasScript ? /^Describe this/ : /^Describe the/), `Stripes of ${mark}`);
    await phone.tap(phone.button("Post"));
    await phone.shows(phone.page.getByAltText(`Stripes of ${mark}`));
  }],
  "reply": [3, async (phone, mark) => {
    await phone.tap(phone.post("on the 17:20").getByRole("link", { name: "Reply" }));
    const form = phone.page.locator(phone.hasScript ? ".reply-place" : "main > form");
    await phone.write(form.getByLabel("What's on your mind?"), `A whole heel ${mark}`);
    await phone.tap(phone.button("Reply", form));
    await phone.shows(phone.hasScript ? phone.page.getByText("Your reply is published") : phone.post(`A whole heel ${mark}`));
  }],
  "boost": [2, async (phone) => {
    const post = phone.post(phone.hasScript ? "on the north side" : "a day for bread");
    await phone.tap(phone.button("Boost", post));
    await phone.shows(post.getByRole("button", { name: "Boost", pressed: true }));
  }],
  "follow by handle": [3, async (phone) => {
    await phone.search(phone.hasScript ? "@grumble@lantern.example" : "@prizes@bargain.example");
    await phone.tap(phone.page.getByRole("button", { name: /^Follow( back)?$/ }).first());
    await phone.shows(phone.page.getByText("Follow request sent"));
  }],
  "mute someone for a week": [4, async (phone) => {
    const [text, name] = phone.hasScript ? ["on the north side", "Ida"] : ["a day for bread", "Bread and Weather"];
    await phone.tap(phone.post(text).locator(".p-author"));
    await phone.tap(phone.page.getByLabel(`More about ${name}`));
    await phone.tap(phone.button("Mute for a week"));
    await phone.shows(phone.page.getByText(/^Muted until/));
  }],
  "find a year-old post": [3, async (phone) => {
    await phone.search("goat before:2100-01");
    await phone.tap(phone.post("goat").locator("a.u-url"));
    await phone.shows(phone.page.locator("article.focus", { hasText: "goat" }));
  }],
  "see what is new and stop": [1, async (phone) => {
    await phone.tap(phone.page.getByRole("link", { name: "Home" }));
    await phone.shows(phone.page.locator("article"));
  }],
};

// The taps of each task, or what went wrong.
async function count(browser, base, hasScript) {
  const page = await (await browser.newContext({ ...PHONE, javaScriptEnabled: hasScript })).newPage();
  page.setDefaultTimeout(10_000);
  await signIn(page, base);
  const phone = new Phone(page, base, hasScript);
  const found = {};
  for (const [name, [, task]] of Object.entries(TASKS)) {
    await phone.begin();
    found[name] = await task(phone, hasScript ? "with" : "without").then(() => phone.taps, (error) => error);
  }
  return found;
}

const { base, stop } = await startDemo(binary);
const browser = await launch();
const problems = [];
try {
  const [script, plain] = await Promise.all([count(browser, base, true), count(browser, base, false)]);
  console.log(`${"task".padEnd(34)} | with a script | without | budget`);
  for (const [name, [budget]] of Object.entries(TASKS)) {
    const cell = (taps, width) => String(taps instanceof Error ? "-" : taps).padStart(width);
    console.log(`${name.padEnd(34)} | ${cell(script[name], 13)} | ${cell(plain[name], 7)} | ${cell(budget, 6)}`);
    for (const taps of [script[name], plain[name]]) {
      if (taps instanceof Error) problems.push(`${name}: ${taps.message}`);
      else if (taps > budget) problems.push(`${name}: ${taps} taps, the budget is ${budget}`);
    }
  }
} finally {
  await browser.close();
  await stop();
}
console.log(problems.length ? `\n${problems.join("\n")}` : "\nevery task within its budget");
process.exit(problems.length ? 1 : 0);
