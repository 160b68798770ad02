// A page that stays open: new posts behind a button, changes in place, the number of unread notifications.
import { appears, vanishes } from "../shared.mjs";

const post = (server, status, more = {}) => server.api("POST", "/api/v1/statuses", { status, ...more });

export async function live({ alice, bob, page, newPage, check, accessible, shoot, problems }) {
  for (let n = 0; n < 12; n++) await post(alice, `Earlier post ${n}\n\nwith\n\nsome\n\nlines`);
  await page.goto(`${alice.base}/home`);
  const button = (name) => page.getByRole("button", { name, exact: true });
  await page.waitForTimeout(1500);

  const first = await post(alice, "The first new post");
  check("a new post is announced", await appears(button("1 new post")));
  check("and not shown yet", !(await page.getByText("The first new post").isVisible()));
  await post(alice, "The second new post");
  check("further ones are counted", await appears(button("2 new posts")));
  await accessible("the announcement");
  await shoot("live");
  await button("2 new posts").click();
  check("a click shows them", await appears(page.locator("article", { hasText: "The second new post" })));
  check("the newest is on top", (await page.locator("article").first().textContent()).includes("The second new post"));
  check("the announcement goes", await vanishes(button("2 new posts")));
  check("the page shows each post once", (await page.locator("article", { hasText: "The first new post" }).count()) === 1);

  await page.locator("article", { hasText: "Earlier post 5" }).scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollBy(0, 40));
  const place = () => page.locator("article", { hasText: "Earlier post 5" }).boundingBox().then((box) => Math.round(box.y));
  await post(alice, "A third one, while the reader is elsewhere");
  await appears(button("1 new post"));
  const before = await place();
  await button("1 new post").click();
  await page.locator("article", { hasText: "A third one" }).waitFor({ state: "attached" });
  await page.waitForTimeout(300);
  check("the reader's place is kept", Math.abs((await place()) - before) <= 1, `${before} ${await place()}`);

  await alice.api("PUT", `/api/v1/statuses/${first.id}`, { status: "The first post, edited" });
  check("an edited post changes in place", await appears(page.getByText("The first post, edited")));
  await alice.api("DELETE", `/api/v1/statuses/${first.id}`);
  check("a deleted post is marked in place", await appears(page.getByText("This post was deleted.")));

  await thread({ alice, bob, page, check, accessible, shoot });
  await notifications({ alice, bob, page, check, accessible, shoot });
  await endOfSession({ alice, page, newPage, check, problems });
}

async function thread({ alice, bob, page, check, accessible, shoot }) {
  const question = await post(alice, "Which way is north?");
  await page.goto(question.url);
  const { statuses: [found] } = await bob.api("GET", `/api/v2/search?resolve=true&q=${encodeURIComponent(question.uri)}`);
  await page.getByRole("link", { name: "Reply", exact: true }).click();
  const form = page.locator(".reply-place");
  await form.getByRole("textbox").first().fill("I have found a compass.");
  await page.waitForTimeout(1000);
  await post(bob, "That way", { in_reply_to_id: found.id });
  const announced = page.getByRole("button", { name: "1 new post", exact: true });
  check("a reply to an open thread is announced", await appears(announced));
  await accessible("the announcement of a reply");
  await shoot("live-thread");
  await announced.click();
  check("a click shows it", await appears(page.locator("article", { hasText: "That way" })));
  check("with the number of replies", await page.getByRole("heading", { name: "1 reply" }).isVisible());
  check("and keeps what is being written", (await form.getByRole("textbox").first().inputValue()) === "I have found a compass.");
  await form.getByRole("button", { name: "Reply", exact: true }).click();
  check("an own reply is shown in its thread", await appears(page.locator(".thread article", { hasText: "a compass" })));
  check("and not announced", await vanishes(announced) && (await page.getByRole("heading", { name: "2 replies" }).isVisible()));
}

async function notifications({ alice, bob, page, check, accessible, shoot }) {
  const { accounts: [found] } = await bob.api("GET", `/api/v2/search?resolve=true&q=${encodeURIComponent(`${alice.base}/users/alice`)}`);
  await page.goto(`${alice.base}/notifications`);
  await page.waitForTimeout(1500);
  await bob.api("POST", `/api/v1/accounts/${found.id}/follow`);
  const announced = page.getByRole("button", { name: "1 new notification" });
  check("a new notification is announced", await appears(announced));
  check("the title has their number", /^\(1\)/.test(await page.title()), await page.title());
  check("and so has the navigation", (await page.locator(".rail .count").textContent()).startsWith("1"));
  await accessible("the announcement of a notification");
  await announced.click();
  check("a click shows it", await appears(page.getByText("followed you")));
  check("and marks it read", await page.waitForFunction(() => !document.title.startsWith("(")).then(() => true, () => false));
  await shoot("notifications");
  await page.reload();
  check("it stays read", !(await page.title()).startsWith("("), await page.title());
}

async function endOfSession({ alice, page, newPage, check, problems }) {
  const other = await newPage();
  await other.goto(`${alice.base}/home`);
  const stream = other.waitForResponse((response) => response.url().includes("/live?") && response.status() === 401, { timeout: 20_000 });
  await page.goto(`${alice.base}/settings`);
  await other.bringToFront();
  await page.getByRole("button", { name: "Sign out" }).click();
  check("the stream ends with the session", await stream.then(() => true, () => false));
  await other.locator("article").first().getByRole("button", { name: "Favourite" }).click();
  check("an action without a session says so", await appears(other.getByText("You are signed out.")));
  // What it requests from now on would be refused too.
  await other.close();
  // Both are refused on purpose.
  const refused = problems.filter((problem) => problem.includes("401"));
  refused.forEach((problem) => problems.splice(problems.indexOf(problem), 1));
}
