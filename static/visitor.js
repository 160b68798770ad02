// Shows times in the visitor's time zone. Pages are complete without it.
"use strict";
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
for (const time of document.querySelectorAll("time[datetime]")) {
  const date = new Date(time.dateTime);
  const full = date.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  const isFull = time.textContent.includes("UTC");
  if (time.title) time.title = full;
  if (!isNaN(date)) time.textContent = isFull ? full : date.toLocaleDateString(language, { dateStyle: "medium" });
}
