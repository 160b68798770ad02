// Plays the video of a page, and seeks in it: `node playback.mjs PAGE SECOND [SCREENSHOTS]`, in a directory with the
// node_modules. Prints where it was, as JSON.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../browser/shared.mjs";

const [address, second, screenshots] = process.argv.slice(2);
const browser = await launch();
try {
  if (screenshots) {
    mkdirSync(screenshots, { recursive: true });
    for (const [name, viewport] of [["phone", { width: 390, height: 844 }], ["desktop", { width: 1280, height: 900 }]]) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await browser.newPage({ viewport, colorScheme });
        await page.goto(address);
        // Chromium shows for a second that it loads.
        await page.waitForTimeout(1_500);
        await page.screenshot({ path: join(screenshots, `video-${name}-${colorScheme}.png`) });
        await page.close();
      }
    }
  }
  const page = await browser.newPage();
  const statuses = new Set();
  page.on("response", (response) => response.url().includes("/media/") && statuses.add(response.status()));
  await page.goto(address);
  const later = (time) => page.waitForFunction((time) => document.querySelector("video").currentTime > time, time, { timeout: 30_000 });
  const now = () => page.evaluate(() => document.querySelector("video").currentTime);
  await page.evaluate(() => document.querySelector("video").play());
  await later(0.3);
  const began = await now();
  await page.evaluate((second) => (document.querySelector("video").currentTime = second), Number(second));
  await later(Number(second) + 0.3);
  const size = await page.evaluate(() => [document.querySelector("video").videoWidth, document.querySelector("video").videoHeight]);
  console.log(JSON.stringify({ began, sought: await now(), size, statuses: [...statuses] }));
} finally {
  await browser.close();
}
