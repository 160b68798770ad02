// Actions without leaving the place: on people, polls, requests and messages, with their errors.
import { appears, vanishes } from "../shared.mjs";

export async function actions({ alice, bob, page, check, accessible, shoot, problems }) {
  const resolve = async (server, url) => server.api("GET", `/api/v2/search?resolve=true&q=${encodeURIComponent(url)}`);
  const { accounts: [bobs] } = await resolve(alice, `${bob.base}/users/bob`);
  const { accounts: [alices] } = await resolve(bob, `${alice.base}/users/alice`);
  let pages = 0;
  page.on("framenavigated", () => pages++);
  const stays = async (what, action, result) => {
    const before = pages;
    await action();
    check(what, (await result()) && pages === before, `${pages - before} new pages`);
  };

  await page.goto(`${alice.base}/u/${bobs.acct}`);
  const profile = page.locator("#profile");
  await stays("a follow", () => profile.getByRole("button", { name: "Follow", exact: true }).click(), () => appears(profile.getByText(/^(Following|Cancel request)$/)));
  check("it says what it did", await appears(page.getByText("Follow request sent")));
  const more = () => profile.locator("summary[aria-label^=More]").click();
  await more();
  await stays("a mute", () => profile.getByRole("button", { name: "Mute for an hour" }).click(), () => appears(profile.getByText(/^Muted until/)));
  await accessible("a profile after an action");
  await shoot("profile");
  await more();
  await stays("its end", () => profile.getByRole("button", { name: "Unmute" }).click(), () => vanishes(profile.getByText(/^Muted until/)));

  const poll = await bob.api("POST", "/api/v1/statuses", { status: "Tea or coffee?", poll: { options: ["Tea", "Coffee"], expires_in: 3600 } });
  const { statuses: [found] } = await resolve(alice, poll.uri);
  await page.goto(`${alice.base}/u/${bobs.acct}`);
  const article = page.locator("article", { hasText: "Tea or coffee?" });
  await article.getByLabel("Coffee").check();
  await stays("a vote", () => article.getByRole("button", { name: "Vote" }).click(), () => appears(article.getByText("your vote")));
  await shoot("vote");
  await article.locator("summary.more").click();
  await stays("a block from a post", () => article.getByRole("button", { name: /^Block/ }).click(), () => vanishes(article));
  check("its notice", await appears(page.getByText("This account is blocked")));
  await alice.api("POST", `/api/v1/accounts/${bobs.id}/unblock`);

  await page.goto(`${alice.base}/t/${found.id}`);
  const vote = page.locator("article", { hasText: "Tea or coffee?" }).getByRole("button", { name: "Favourite" });
  await bob.api("DELETE", `/api/v1/statuses/${poll.id}`);
  await page.waitForTimeout(2500);
  await page.reload();
  check("a post that is gone is gone", !(await vote.isVisible()));

  await alice.api("PATCH", "/api/v1/accounts/update_credentials", { locked: true });
  await bob.api("POST", `/api/v1/accounts/${alices.id}/follow`);
  await page.waitForTimeout(1500);
  await page.goto(`${alice.base}/notifications`);
  const request = page.locator("section.follow_request");
  await appears(request);
  await stays("a follow request is accepted", () => request.getByRole("button", { name: "Accept" }).click(), () => appears(page.getByText("The follow request was accepted.")));

  await page.goto(`${alice.base}/home`);
  const own = await alice.api("POST", "/api/v1/statuses", { status: "Soon gone" });
  await page.reload();
  const gone = page.locator("article", { hasText: "Soon gone" });
  await page.route("**/live**", (route) => route.abort());
  await page.reload();
  await alice.api("DELETE", `/api/v1/statuses/${own.id}`);
  await stays("an action that fails", () => gone.getByRole("button", { name: "Favourite" }).click(), () => appears(page.getByRole("alert")));
  check("leaves the button as it was", (await gone.getByRole("button", { name: "Favourite" }).getAttribute("aria-pressed")) === "false");
  await shoot("error");
  await page.close();
  problems.splice(0, problems.length, ...problems.filter((problem) => !/40[0-9]|410|ERR_FAILED/.test(problem)));
}
