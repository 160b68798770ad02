// Enhances only: every page and action works without this file.
"use strict";
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "narrow" });
for (const time of document.querySelectorAll(".when time, .notification time")) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([s]) => -seconds >= s) || [1, "second"];
  if (-seconds < 7 * 86400) time.textContent = relative.format(Math.round(seconds / size), unit);
}
const text = document.querySelector(".compose textarea");
if (text) {
  const grow = () => { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 2}px`; };
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) text.form.requestSubmit();
  });
  if (text.value) grow();
}
