// How pages look, and the installed app: every theme with real content, each language, from right to left, the owner's own CSS,
// the offline page, sharing and notifications of the browser. Pictures of the themes go to the folder: node appearance.mjs BINARY FOLDER. Run as run.mjs.
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { appears, counter, launch, signIn, startDemo, startServer, violations } from "./shared.mjs";

const [binary, shots] = process.argv.slice(2);
const { check, finish } = counter();
mkdirSync(shots, { recursive: true });

async function save(page, base, choose, button = "Save") {
  await page.goto(`${base}/settings/appearance`);
  await choose();
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL(/done=|appearance/);
}

// Contrast and the rest of axe's rules on some pages, in both colour schemes.
async function looksRight(page, base, name) {
  for (const path of ["/home", "/@wren", "/notifications", "/settings/appearance"]) {
    await page.goto(base + path);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const faults = (await violations(page)).map(([rule, , places]) => `${rule}: ${places[0]}`);
      check(`${path} has no accessibility fault in ${name}, ${colorScheme}`, faults.length === 0, faults.join("\n"));
      for (const [width, height] of [[360, 740], [1280, 900]]) {
        await page.setViewportSize({ width, height });
        await page.screenshot({ path: join(shots, `theme-${name}-${path.split("/").pop()}-${width}-${colorScheme}.png`) });
      }
    }
  }
}

async function themes(page, base) {
  await page.goto(`${base}/settings/appearance`);
  const names = await page.locator("input[name=theme]").evaluateAll((all) => all.map((input) => input.value));
  const drawn = await page.locator(".themes img").evaluateAll(async (all) => {
    for (const image of all) image.loading = "eager";
    await Promise.all(all.map((image) => image.decode()));
    return all.every((image) => image.naturalWidth > 0);
  });
  check(`each of ${names.length} themes has a preview`, names.length >= 6 && drawn);
  for (const name of names) {
    await save(page, base, () => page.locator(`input[name=theme][value=${name}]`).check());
    await looksRight(page, base, name);
  }
  await save(page, base, () => page.getByLabel("Accent colour").fill("#ffee00"));
  await looksRight(page, base, "accent");
  await save(page, base, () => page.getByLabel("Accent colour").fill("reddish"));
  check("a bad accent colour is explained", await page.getByRole("alert").getByText("is not a colour").isVisible());
  await save(page, base, async () => {
    await page.getByLabel("Accent colour").fill("");
    await page.locator("input[name=theme][value=default]").check();
  });
}

const MAIN_PAGES = ["/home", "/@wren", "/notifications", "/compose", "/search?q=bread", "/people/followers", "/conversations", "/settings", "/settings/profile", "/catch-up?hours=168"];

const isWide = () => document.documentElement.scrollWidth > innerWidth + 1;

// The handles whose @ is not at their left end.
const turned = () => [...document.querySelectorAll(".handle, .handle bdi")].flatMap((handle) => {
  const text = [...handle.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.startsWith("@"));
  if (!text) return [];
  const range = document.createRange();
  const left = (at) => {
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  };
  return left(0) < left(text.data.length - 1) ? [] : [text.data];
});

async function chooseLanguage(page, base, language) {
  await page.goto(`${base}/settings/appearance`);
  await page.locator("select[name=interface_language]").selectOption(language);
  await page.locator("form .main").first().click();
  await page.waitForURL(/done=/);
}

async function languages(page, base) {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const language of ["de", "es"]) {
    await chooseLanguage(page, base, language);
    for (const path of MAIN_PAGES) {
      await page.goto(base + path);
      const faults = (await violations(page)).map(([rule, , places]) => `${rule}: ${places[0]}`);
      const found = await page.evaluate(() => document.documentElement.lang);
      check(`${path} has no accessibility fault in ${language}`, found === language && faults.length === 0, `${found} ${faults.join("\n")}`);
      check(`${path} fits a phone in ${language}`, !(await page.evaluate(isWide)));
      await page.screenshot({ path: join(shots, `${language}-${path.replace(/\W+/g, "-").slice(1)}-360.png`) });
    }
  }
  await chooseLanguage(page, base, "en");
}

// No catalogue is of a language that is written from right to left yet. Pages must be ready for one.
async function fromRightToLeft(page, base) {
  for (const path of MAIN_PAGES) {
    await page.goto(base + path);
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    for (const [width, height] of [[360, 740], [1280, 900]]) {
      await page.setViewportSize({ width, height });
      check(`${path} fits ${width} pixels from right to left`, !(await page.evaluate(isWide)));
      await page.screenshot({ path: join(shots, `rtl-${path.replace(/\W+/g, "-").slice(1)}-${width}.png`) });
    }
    const wrong = await page.evaluate(turned);
    check(`${path} shows handles from left to right`, wrong.length === 0, wrong.join(" "));
  }
}

async function ownCss(page, base) {
  const asked = [];
  const elsewhere = http.createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "content-type": "text/css", "access-control-allow-origin": "*" }).end("body { opacity: .5 }");
  });
  await new Promise((done) => elsewhere.listen(0, "127.0.0.1", done));
  const foreign = `http://127.0.0.1:${elsewhere.address().port}`;
  const css = `@import url(${foreign}/import.css); @import "${foreign}/other.css";
    @font-face { font-family: x; src: url(${foreign}/font.woff2); }
    body { background: url(${foreign}/picture.png); font-family: x, serif; cursor: url(${foreign}/c.cur), auto; }
    a[href]::before { content: url(${foreign}/content.png); } main { display: none; }`;
  await save(page, base, () => page.getByLabel("Your own CSS").fill(css), "Save CSS");
  check("the page of the settings does not load it", await page.getByLabel("Your own CSS").isVisible());
  await page.goto(`${base}/home`, { waitUntil: "networkidle" });
  check("the owner's CSS applies", !(await page.locator("main").isVisible()));
  check("nothing of another server is loaded", asked.length === 0, asked.join(" "));
  await page.goto(`${base}/home?plain=1`);
  check("?plain=1 leaves it out", await page.locator("main").isVisible());
  await save(page, base, () => page.getByLabel("Your own CSS").fill(""), "Save CSS");
  elsewhere.close();
}

// A subscription as a push service would make it. The messages are delivered by the debugger of the browser.
const subscribes = ([p256dh, auth]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  PushManager.prototype.subscribe = async () => ({
    endpoint: "http://127.0.0.1:29999/push",
    getKey: (name) => bytes(name === "auth" ? auth : p256dh),
  });
};

// Runs in the page: the first notification of the browser, waited for during some seconds.
const shownNotification = async () => {
  const { getNotifications } = ServiceWorkerRegistration.prototype;
  const registration = await navigator.serviceWorker.ready;
  for (let n = 0; n < 30; n++) {
    const [first] = await getNotifications.call(registration);
    if (first) return [first.title, first.body, first.data];
    await new Promise((done) => setTimeout(done, 100));
  }
  return [];
};

// The demo has no push services, so this needs a server of its own.
async function notifications(browser) {
  const { base, enter } = await startServer(binary);
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  await enter(page);
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x, "base64url"), Buffer.from(jwk.y, "base64url")]);
  await page.context().grantPermissions(["notifications"], { origin: base });
  await page.addInitScript(subscribes, [point.toString("base64"), Buffer.alloc(16, 7).toString("base64")]);
  await page.goto(`${base}/settings/notifications`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.getByRole("button", { name: "Turn on" }).click();
  check("notifications of the browser are turned on", await appears(page.getByRole("button", { name: "Turn off" })));

  const debug = await page.context().newCDPSession(page);
  const registered = new Promise((done) => debug.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    if (registrations.length) done(registrations[0].registrationId);
  }));
  await debug.send("ServiceWorker.enable");
  const data = JSON.stringify({ title: "Ida mentioned you", body: "Hello", icon: `${base}/static/avatar.png`, notification_id: 7, url: "/notifications" });
  const registrationId = await registered;
  // A worker that has just been installed may miss a message; one with the same id replaces the former.
  let shown = [];
  for (let n = 0; n < 10 && shown.length === 0; n++) {
    await debug.send("ServiceWorker.deliverPushMessage", { origin: base, registrationId, data });
    shown = await page.evaluate(shownNotification);
  }
  check("a message becomes a notification", shown.join("|") === "Ida mentioned you|Hello|/notifications", shown.join("|"));
  const worker = page.context().serviceWorkers()[0];
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  });
  check("a click opens it", await page.waitForURL(`${base}/notifications`, { timeout: 10_000 }).then(() => true, () => false), page.url());
  await page.goto(`${base}/settings/notifications`);
  await page.getByRole("button", { name: "Turn off" }).click();
  check("notifications are turned off", await appears(page.getByRole("button", { name: "Turn on" })));
  await page.context().close();
}

async function sharing(page, base) {
  const headers = { origin: "null", "sec-fetch-site": "none" };
  const multipart = { title: "A page", text: "Read this", url: "https://a.example/b" };
  const answer = await page.request.post(`${base}/share`, { headers, multipart });
  check("what is shared is a draft", answer.url().includes("/drafts/"), answer.url());
  await page.goto(answer.url());
  const text = await page.locator("textarea[name=text]").inputValue();
  check("the composer has it", text === "A page\n\nRead this\n\nhttps://a.example/b", text);
}

async function manifest(page, base) {
  await page.goto(`${base}/home`);
  const debug = await page.context().newCDPSession(page);
  const { url, errors } = await debug.send("Page.getAppManifest");
  check("the browser accepts the manifest", url.endsWith("/manifest.webmanifest") && errors.length === 0, JSON.stringify(errors));
  const { installabilityErrors } = await debug.send("Page.getInstallabilityErrors");
  const hindrances = installabilityErrors.map((e) => e.errorId).filter((id) => id !== "in-incognito");
  check("the app can be installed", hindrances.length === 0, hindrances.join(" "));
}

async function offline(page, base, stop) {
  await page.goto(`${base}/home`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto(`${base}/notifications`);
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
    return requests.map((request) => new URL(request.url).pathname);
  });
  check("only the offline page and its files are kept", kept.sort().join(" ") === "/icons/192.png /offline /static/dassie.css", kept.join(" "));
  await page.context().clearCookies();
  await page.goto(`${base}/home`);
  check("through the service worker, a page of the owner asks to sign in", page.url().includes("/login?next="), page.url());
  await stop();
  await page.goto(`${base}/home`);
  check("without a connection the offline page is shown", await page.getByRole("heading", { name: "No connection" }).isVisible());
  for (const [width, height] of [[360, 740], [1280, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(shots, `offline-${width}-${colorScheme}.png`) });
    }
  }
}

const { base, stop } = await startDemo(binary);
const browser = await launch();
try {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  const problems = [];
  page.on("console", (m) => m.type() === "error" && problems.push(`${page.url()}: ${m.text()}`));
  page.on("pageerror", (e) => problems.push(`${page.url()}: ${e}`));
  await signIn(page, base);
  await themes(page, base);
  await languages(page, base);
  await fromRightToLeft(page, base);
  await manifest(page, base);
  await notifications(browser);
  await sharing(page, base);
  const expected = problems.filter((p) => !p.includes("status of 422"));
  check("no errors in the console, and no violation of the policy", expected.length === 0, expected.slice(0, 5).join("\n"));
  await ownCss(page, base);
  await offline(page, base, stop);
} catch (error) {
  check("the suite comes to its end", false, error.stack);
}
await browser.close();
await stop();
finish();
