// What the script adds for the owner: each part in a browser with a server of its own, and a second server for company.
// Run as run.mjs; names after the folder for pictures select parts: node script.mjs BINARY FOLDER live compose
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { actions } from "./script/actions.mjs";
import { compose } from "./script/compose.mjs";
import { keys } from "./script/keys.mjs";
import { live } from "./script/live.mjs";
import { times } from "./script/times.mjs";
import { counter, launch, startServer, violations } from "./shared.mjs";

const PARTS = { live, actions, compose, keys, times };
const [binary, shots, ...selected] = process.argv.slice(2);
const { check, finish } = counter();
// Each part starts two servers.
process.setMaxListeners(0);
const problems = [];

// The owner's page, and what the parts use.
async function surroundings(browser) {
  const [alice, bob] = [await startServer(binary), await startServer(binary, "bob")];
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: "America/New_York" });
  const newPage = async () => {
    const page = await context.newPage();
    page.on("console", (m) => m.type() === "error" && problems.push(`${page.url()}: ${m.text()}`));
    page.on("pageerror", (e) => problems.push(`${page.url()}: ${e}`));
    return page;
  };
  const page = await newPage();
  await alice.enter(page);
  const accessible = async (what, shown = page) => {
    for (const colorScheme of ["dark", "light"]) {
      await shown.emulateMedia({ colorScheme });
      const faults = await violations(shown);
      check(`${what} has no accessibility fault, ${colorScheme}`, faults.length === 0, JSON.stringify(faults, null, 1));
    }
  };
  const shoot = async (name, shown = page) => {
    for (const [width, height] of [[360, 740], [1280, 900]]) {
      await shown.setViewportSize({ width, height });
      for (const colorScheme of ["light", "dark"]) {
        await shown.emulateMedia({ colorScheme });
        await shown.screenshot({ path: join(shots, `script-${name}-${width}-${colorScheme}.png`) });
      }
    }
    await shown.emulateMedia({ colorScheme: "light" });
  };
  const visitorIn = async (options) => (await browser.newContext(options)).newPage();
  return { alice, bob, page, newPage, visitorIn, check, accessible, shoot, problems };
}

mkdirSync(shots, { recursive: true });
const browser = await launch();
for (const [name, part] of Object.entries(PARTS)) {
  if (selected.length && !selected.includes(name)) continue;
  try {
    await part(await surroundings(browser));
  } catch (error) {
    check(`the part "${name}" comes to its end`, false, error);
  }
}
check("no error and no policy violation in the console", problems.length === 0, problems.join("\n"));
await browser.close();
finish();
