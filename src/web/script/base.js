// Enhances only: every page and action works without this file. Its parts are one file in the browser and share these helpers.
"use strict";
const texts = document.currentScript.dataset;
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// What is done to a page, and to each part that is inserted later.
const enhancements = [];
const enhance = (root) => enhancements.forEach((enhancement) => enhancement(root));

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Shows a message above the page. An error stays until the next message or a click.
const toast = make("div", { className: "toast" });
toast.setAttribute("role", "status");
document.body.append(toast);
toast.addEventListener("click", () => toast.replaceChildren());
let hiding;
function say(message, isBad = false) {
  clearTimeout(hiding);
  toast.setAttribute("role", isBad ? "alert" : "status");
  toast.replaceChildren(make("p", { className: isBad ? "notice bad" : "notice" }, message));
  if (!isBad) hiding = setTimeout(() => toast.replaceChildren(), 8000);
}

function saySignedOut() {
  const link = make("a", { href: "/login", target: "_blank" }, texts.signIn);
  say(make("span", {}, texts.signedOut, " ", link), true);
}

// The page that a request leads to, with its address; null after an error, which is shown unless it is for the background.
async function load(url, { background, ...options } = {}) {
  const response = await fetch(url, options).catch(() => null);
  if (response?.ok) return { page: parse(await response.text()), url: response.url };
  if (background) return null;
  if (!response) say(texts.offline, true);
  else if (response.status === 401) saySignedOut();
  else {
    const page = parse(await response.text());
    say(one(".notice.bad, main p", page)?.textContent || texts.failed, true);
  }
  return null;
}

// Replaces a part of the page by a newer version of it: what was open stays open, and the focus stays in the same form.
function replace(part, fresh) {
  const inside = part.contains(document.activeElement);
  const form = all("form", part).findIndex((form) => form.contains(document.activeElement));
  const open = all("details.cw, details.veil, .alt details", part).map((details) => details.open);
  fresh = document.importNode(fresh, true);
  all("details.cw, details.veil, .alt details", fresh).forEach((details, n) => (details.open = open[n] ?? details.open));
  part.replaceWith(fresh);
  enhance(fresh);
  if (inside) one("button, summary, a", all("form", fresh)[form] ?? fresh)?.focus();
}

// Removes a part of the page that is no longer current. The focus moves to its neighbour.
function remove(part) {
  const neighbour = part.nextElementSibling ?? part.previousElementSibling;
  const inside = part.contains(document.activeElement);
  part.remove();
  if (inside) one("a[href], button", neighbour ?? one("main"))?.focus();
}

// Shows the present state of a post wherever it is on the page.
async function renew(id, background) {
  const parts = all(`article[data-id="${CSS.escape(id)}"]`);
  if (!parts.length) return;
  const inThread = parts[0].closest(".thread");
  const loaded = await load(inThread ? location.href : `/live/posts/${id}`, { background });
  const fresh = loaded && one(`article[data-id="${CSS.escape(id)}"]`, loaded.page);
  if (!fresh) return;
  for (const part of parts) {
    const copy = fresh.cloneNode(true);
    // Who boosted it, and its place in the thread, belong to the place and not to the post.
    copy.className = part.className;
    copy.id = part.id;
    if (!part.id) copy.removeAttribute("id");
    const boost = one(":scope > .why.boost", part);
    if (boost) {
      copy.dataset.boost = part.dataset.boost;
      copy.prepend(boost.cloneNode(true));
    }
    replace(part, copy);
  }
}
