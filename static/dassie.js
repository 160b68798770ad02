// Enhances only: every page and action works without this file.
"use strict";
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "narrow" });
for (const time of document.querySelectorAll(".when time, .notification time")) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([s]) => -seconds >= s) || [1, "second"];
  if (-seconds < 7 * 86400) time.textContent = relative.format(Math.round(seconds / size), unit);
}

// Boost, favourite and bookmark without leaving the place on the page. What fails is submitted as a form, which shows why.
document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const state = button?.matches(".acts .act[aria-pressed]") && button.getAttribute("aria-pressed");
  if (!state) return;
  event.preventDefault();
  button.disabled = true;
  const body = new URLSearchParams(new FormData(event.target));
  const answer = await fetch(button.formAction, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => null);
  button.disabled = false;
  if (answer?.type !== "opaqueredirect") {
    button.classList.remove("act");
    return event.target.requestSubmit(button);
  }
  const on = state === "false";
  button.setAttribute("aria-pressed", on);
  button.classList.toggle("on", on);
  button.formAction = button.formAction.replace(/\/(un)?([a-z]+)$/, on ? "/un$2" : "/$2");
  button.focus();
});

// A menu near the end of the window opens upwards.
document.addEventListener("toggle", ({ target }) => {
  const menu = target.matches(".options[open]") && target.querySelector(".menu");
  if (menu) menu.classList.toggle("up", menu.getBoundingClientRect().bottom > innerHeight - 64);
}, true);

// One menu is open at a time, and a click outside or Escape closes it.
const menus = () => document.querySelectorAll(".options[open], .drop[open]");
document.addEventListener("click", (event) => menus().forEach((m) => m.contains(event.target) || (m.open = false)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((m) => {
    m.open = false;
    m.querySelector("summary").focus();
  });
});

const text = document.querySelector(".compose textarea");
if (text) {
  const grow = () => { text.style.height = "auto"; text.style.height = `${text.scrollHeight + 2}px`; };
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) text.form.requestSubmit();
  });

  // What is typed survives a closed tab. It is forgotten when the next page shows that the post was accepted.
  const key = "draft " + ["in_reply_to", "quote", "draft", "scheduled"].map((name) => text.form.elements[name]?.value ?? "").join(" ") + text.form.action;
  const begun = text.value;
  const sent = sessionStorage.getItem("sent");
  if (sent && !document.querySelector(".notice.bad")) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
  if (!document.querySelector(".notice.bad")) text.value = localStorage.getItem(key) ?? begun;
  text.addEventListener("input", () => {
    if (text.value === begun) localStorage.removeItem(key);
    else localStorage.setItem(key, text.value);
  });
  text.form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
  if (text.value) grow();
}
document.querySelector('form[action="/logout"]')?.addEventListener("submit", () => localStorage.clear());
