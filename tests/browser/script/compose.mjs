// Writing: counter, completion, pictures, drafts that save themselves, replies in place.
import { execFileSync } from "node:child_process";
import { appears, png, vanishes } from "../shared.mjs";

const text = (page) => page.getByLabel("What's on your mind?");
const draftsOf = (server) => async (page) => {
  await page.goto(`${server.base}/drafts`);
  return page.locator("section.waiting").count();
};

export async function compose(around) {
  await counter(around);
  await completion(around);
  await pictures(around);
  await drafts(around);
  await reply(around);
}

async function counter({ alice, page, check }) {
  await page.goto(`${alice.base}/home`);
  const counts = async (written) => {
    await text(page).fill(written);
    return page.locator(".counted [aria-hidden]").textContent();
  };
  const limit = Number((await counts("a")).replace(/\D/g, "")) + 1;
  const length = async (written) => limit - Number((await counts(written)).replace(/[^\d-]/g, ""));
  const link = `https://example.org/${"x".repeat(90)}`;
  const samples = [["word", 4], [link, 23], [`See ${link}.`, 28], ["@bob@example.org hi", 7], ["👨‍👩‍👧‍👦", 1], ["e\u0301", 1], ["a\nb", 3]];
  for (const [written, expected] of samples) check(`the counter counts ${JSON.stringify(written.slice(0, 24))}`, (await length(written)) === expected, await length(written));
  check("and says when it is too much", (await counts(`${"y".repeat(limit)}zz`)).includes("-2"), await counts(`${"y".repeat(limit)}zz`));
  await page.getByRole("button", { name: "Post", exact: true }).click();
  check("the server agrees", await appears(page.getByText(/5000|5,000|limit/).first()));
  await text(page).fill("y".repeat(limit));
  check("and takes what fits", (await page.locator(".counted [aria-hidden]").textContent()) === "0");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  check("by the server's count too", await appears(page.getByText("Your post is published")));
}

async function completion({ alice, bob, page, check, accessible, shoot }) {
  await alice.api("GET", `/api/v2/search?resolve=true&q=${encodeURIComponent(`${bob.base}/users/bob`)}`);
  await alice.api("POST", "/api/v1/statuses", { status: "About #gardening" });
  await page.goto(`${alice.base}/home`);
  const option = (name) => page.getByRole("option", { name });
  await text(page).pressSequentially("Hello @bo");
  check("a mention is suggested", await appears(option(/bob/)));
  await accessible("the suggestions");
  await shoot("suggestions");
  check("the field names the chosen one", (await text(page).getAttribute("aria-activedescendant")) === (await option(/bob/).getAttribute("id")));
  await text(page).press("Enter");
  const host = new URL(bob.base).host;
  check("Enter takes it", (await text(page).inputValue()) === `Hello @bob@${host} `, await text(page).inputValue());
  await text(page).pressSequentially("#gar");
  await appears(option("#gardening"));
  await text(page).press("Tab");
  check("a hashtag is completed", (await text(page).inputValue()).endsWith("#gardening "));
  await text(page).pressSequentially(":roc");
  await appears(option(/rocket/));
  await option(/rocket/).click();
  check("an emoji is completed", (await text(page).inputValue()).endsWith("🚀 "));
  await text(page).pressSequentially(":roc");
  await appears(option(/rocket/));
  await text(page).press("Escape");
  check("Escape closes the suggestions", await vanishes(option(/rocket/)));
  await page.getByRole("button", { name: "Emoji" }).click();
  await appears(option(/coffee/));
  await accessible("the picker of emoji");
  await shoot("emoji");
  await option(/coffee/).click();
  check("the picker writes an emoji", (await text(page).inputValue()).endsWith("☕ "));
}

async function pictures({ alice, page, check, accessible, shoot }) {
  await page.goto(`${alice.base}/home`);
  await text(page).fill("With pictures");
  const bytes = execFileSync("python3", ["-c", png], { maxBuffer: 1e7 }).toString("base64");
  const give = (kind) => page.evaluate(([kind, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], `${kind}.png`, { type: "image/png" }));
    const field = document.querySelector(".compose textarea");
    const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    field.dispatchEvent(event);
  }, [kind, bytes]);
  await give("paste");
  const described = page.getByLabel("Describe this picture");
  check("a pasted picture is attached", await appears(described));
  check("its description is next", await described.first().evaluate((field) => field === document.activeElement));
  check("and the text is kept", (await text(page).inputValue()) === "With pictures");
  await page.keyboard.type("Stripes");
  await give("drop");
  check("a dropped picture is attached", await appears(page.locator("figure.attached").nth(1)));
  await page.locator(".focal").first().click({ position: { x: 10, y: 10 } });
  check("a click sets what stays in view", /^-0\.\d+,0\.\d+$/.test(await page.getByLabel("Keep in view").first().inputValue()));
  await page.getByLabel("Keep in view").nth(1).selectOption("Bottom");
  await accessible("attached pictures");
  await shoot("pictures");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await appears(page.getByText("Your post is published"));
  const [post] = await alice.api("GET", "/api/v1/timelines/home?limit=1");
  const [first, second] = post.media_attachments;
  check("the post has them with their details", first?.description === "Stripes" && first.meta.focus.x < 0 && second?.meta.focus.y < -0.5, JSON.stringify([first, second]));
}

async function drafts({ alice, page, newPage, check, problems }) {
  const count = draftsOf(alice);
  const before = await count(page);
  const other = await newPage();
  await other.goto(`${alice.base}/compose`);
  await text(other).fill("A thought that is not finished");
  check("what is written is saved", await appears(other.getByText("Saved as a draft")));
  await text(other).fill("A thought that is nearly finished");
  await other.waitForTimeout(3500);
  await other.close();
  check("as one draft", (await count(page)) === before + 1);
  check("in its last state", await page.getByText("A thought that is nearly finished").isVisible());
  await page.goto(`${alice.base}/compose`);
  check("the form continues with it", await page.waitForFunction(() => document.querySelector(".compose textarea").value.includes("nearly")).then(() => true, () => false));

  await page.goto(`${alice.base}/compose?mention=bob@example.org`);
  await page.waitForTimeout(500);
  check("a form with a mention does not continue with it", (await text(page).inputValue()) === "@bob@example.org ", await text(page).inputValue());
  await page.goto(`${alice.base}/compose`);
  await page.waitForFunction(() => document.querySelector(".compose textarea").value.includes("nearly"));

  await page.context().clearCookies({ name: "dassie" });
  await text(page).fill("Written without a session");
  check("a session that has ended is reported", await appears(page.getByText("You are signed out.")));
  check("and the text is there", (await text(page).inputValue()) === "Written without a session");
  const again = await newPage();
  await alice.enter(again);
  await again.close();
  await text(page).pressSequentially(" and with a new one");
  check("after signing in elsewhere, saving continues", await appears(page.getByText("Saved as a draft")));
  await page.getByRole("button", { name: "Post", exact: true }).click();
  check("and the post is published", await appears(page.getByText("Your post is published")), page.url());
  check("the draft is gone", (await count(page)) === before);
  problems.splice(0, problems.length, ...problems.filter((problem) => !/40[13]|422/.test(problem)));
}

async function reply({ alice, page, check, accessible, shoot }) {
  await page.goto(`${alice.base}/home`);
  const post = page.locator("article", { hasText: "About #gardening" });
  await post.getByRole("link", { name: "Reply" }).click();
  const place = page.locator(".reply-place");
  check("a reply opens below its post", await appears(place.getByLabel("What's on your mind?")));
  check("with the focus in it", await text(place).evaluate((field) => field === document.activeElement));
  await accessible("a reply in place");
  await shoot("reply");
  await page.keyboard.type("In April, mostly");
  await place.getByRole("button", { name: "Reply" }).click();
  check("it is published without a new page", (await appears(page.getByText("Your reply is published"))) && page.url().endsWith("/home"), page.url());
  check("and the form closes", await vanishes(place));
  const [sent] = await alice.api("GET", "/api/v1/timelines/home?limit=1");
  check("it replies to the post", sent.content.includes("In April") && Boolean(sent.in_reply_to_id), sent.content);
  await post.getByRole("link", { name: "Reply" }).click();
  await appears(text(place));
  await page.keyboard.press("Escape");
  check("Escape closes an unused form", await vanishes(place));
}
