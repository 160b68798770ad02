// Writes a picture of every page of the demo, in three widths and both colour schemes, and one for the README:
// node gallery.mjs BINARY FOLDER [README-PICTURE]. Run from a folder whose node_modules has playwright-core and axe-core.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { demoPages, launch, signIn, startDemo } from "./shared.mjs";

const [binary, shots, readme] = process.argv.slice(2);
const SIZES = [[360, 740], [768, 1024], [1280, 900]];
mkdirSync(shots, { recursive: true });

async function shoot(page, name) {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`) });
    }
  }
}

// A window and a phone beside each other.
async function pictureOfReadme(page, base, path) {
  const take = async (path, width, height, colorScheme) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.goto(base + path);
    return (await page.screenshot()).toString("base64");
  };
  const wide = await take("/home", 1120, 760, "light");
  const narrow = await take("/@wren", 360, 720, "dark");
  const sheet = await page.context().browser().newPage({ viewport: { width: 1260, height: 720 } });
  const frame = "border:1px solid #8884;border-radius:14px;box-shadow:0 12px 40px #0003";
  await sheet.setContent(`<body style="margin:0;background:#f1ece3;display:flex;gap:44px;align-items:center;justify-content:center;height:720px">
    <img style="${frame};width:850px" src="data:image/png;base64,${wide}"><img style="${frame};width:285px" src="data:image/png;base64,${narrow}">`);
  await sheet.screenshot({ path });
  await sheet.close();
}

const { base, stop } = await startDemo(binary);
const browser = await launch();
try {
  const owner = await (await browser.newContext()).newPage();
  const visitor = await (await browser.newContext()).newPage();
  await signIn(owner, base);
  const pages = await demoPages(owner, base);
  if (readme) await pictureOfReadme(owner, base, readme);
  for (const { name, path, signedIn } of pages) {
    const page = signedIn ? owner : visitor;
    await page.goto(base + path);
    await shoot(page, name);
  }
  console.log(`${pages.length} pages, ${pages.length * SIZES.length * 2} pictures in ${shots}`);
} finally {
  await browser.close();
  await stop();
}
