// Times: the owner's zone comes from the first browser, applies to pages and to scheduled posts, and visitors see theirs.
import { appears } from "../shared.mjs";

export async function times({ alice, page, newPage, check, accessible, shoot, visitorIn, problems }) {
  await page.waitForTimeout(1000);
  await page.goto(`${alice.base}/settings/posting`);
  check("the zone of the first browser is the owner's", (await page.getByLabel("Time zone").inputValue()) === "America/New_York", await page.getByLabel("Time zone").inputValue());
  await accessible("the settings with the zone");
  await shoot("zone");
  await page.getByLabel("Time zone").fill("Asia/Nowhere");
  await page.getByRole("button", { name: "Save" }).click();
  check("an unknown zone is refused", await appears(page.getByText("does not know the time zone Asia/Nowhere")));
  problems.splice(0, problems.length, ...problems.filter((problem) => !problem.includes("422")));
  await page.getByLabel("Time zone").fill("Asia/Tokyo");
  await page.getByRole("button", { name: "Save" }).click();
  await appears(page.getByText("Saved."));
  const again = await newPage();
  await again.goto(`${alice.base}/settings/posting`);
  check("a browser does not change a zone that is set", (await again.getByLabel("Time zone").inputValue()) === "Asia/Tokyo");

  await page.goto(`${alice.base}/compose`);
  await page.getByLabel("What's on your mind?").fill("Good morning, Tokyo");
  await page.getByText("Pictures, poll, warning…").click();
  await page.getByLabel("Publish later, at (Asia/Tokyo)").fill("2031-03-05T08:30");
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await appears(page.getByText("The post is scheduled."));
  const [scheduled] = await alice.api("GET", "/api/v1/scheduled_statuses");
  check("a scheduled time is in the owner's zone", scheduled.scheduled_at.startsWith("2031-03-04T23:30"), scheduled.scheduled_at);
  check("and shown in it", await page.getByText("5 Mar 2031, 08:30 JST").isVisible());
  await page.getByRole("link", { name: "Edit" }).click();
  check("also when it is edited", (await page.getByLabel(/Publish later/).inputValue()) === "2031-03-05T08:30");

  const post = await alice.api("POST", "/api/v1/statuses", { status: "A post with a time" });
  const expected = (timeZone) => new Date(post.created_at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone });
  await page.goto(`${alice.base}/@alice/${post.id}`);
  const shown = (of) => of.locator("article.focus .stats time").textContent();
  check("the owner sees the time in the zone", (await shown(page)).startsWith(expected("Asia/Tokyo")), await shown(page));
  for (const javaScriptEnabled of [true, false]) {
    const visitor = await visitorIn({ timezoneId: "Europe/Berlin", javaScriptEnabled });
    await visitor.goto(`${alice.base}/@alice/${post.id}`);
    const wanted = javaScriptEnabled ? expected("Europe/Berlin") : `${expected("UTC")} UTC`;
    check(`a visitor sees ${javaScriptEnabled ? "the local time" : "UTC without scripts"}`, (await shown(visitor)) === wanted, `${await shown(visitor)} ${wanted}`);
  }
}
