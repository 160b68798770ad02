// Keyboard shortcuts, which the owner can switch off. The page /shortcuts lists them, and so does the dialog of "?".
if (texts.keys !== "off")
{
  const places = { h: "/home", n: "/notifications", l: "/lists", m: "/conversations", d: "/drafts", b: "/bookmarks", f: "/favourites", p: one('.rail a[href^="/@"]')?.getAttribute("href"), s: "/settings" };
  const posts = () => all("main article.post, main .notification:not(.whole)").filter((post) => post.offsetParent);
  const current = () => document.activeElement.closest?.("main article.post, main .notification");
  const press = (selector) => () => {
    const control = current() && one(selector, current());
    control?.click();
    return control;
  };

  // The next post is the one after the focus, or after what is in view.
  function move(by) {
    const list = posts();
    const at = list.indexOf(current());
    const inView = list.findIndex((post) => post.getBoundingClientRect().bottom > 120);
    const next = list[at < 0 ? Math.max(inView, 0) : at + by];
    if (!next) return null;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return next;
  }

  function open() {
    const link = current() && one(".u-url, a.when, a.brief", current());
    if (link) location.href = link.href;
    return link;
  }

  // Content warnings first; without one, the veil of the media.
  function unveil(selectors) {
    const details = selectors.map((selector) => current() && one(selector, current())).find(Boolean);
    if (details) details.open = !details.open;
    return details;
  }

  const compose = () => {
    const field = one("main > .compose textarea");
    if (field) field.focus();
    else location.href = "/compose";
    return true;
  };

  async function help() {
    const loaded = await load("/shortcuts");
    const list = loaded && one("#shortcuts", loaded.page);
    if (!list) return;
    const title = make("h2", { id: "shortcuts-title", textContent: one("h1", loaded.page).textContent });
    const close = make("button", { className: "button", textContent: texts.close, onclick: () => dialog.close() });
    const dialog = make("dialog", { className: "help", onclose: () => dialog.remove() }, title, document.adoptNode(list), close);
    dialog.setAttribute("aria-labelledby", title.id);
    document.body.append(dialog);
    dialog.showModal();
  }

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    Enter: () => document.activeElement === current() && open(),
    r: press(".act.reply"),
    f: press(".act.favourite"),
    b: press(".act.boost"),
    d: press(".act.bookmark"),
    m: press('.menu a[href^="/compose?mention="]'),
    u: press(".p-author, .why a"),
    x: () => unveil(["details.cw", "details.veil"]),
    h: () => unveil(["details.veil"]),
    n: compose,
    c: compose,
    "/": () => {
      one("#q")?.focus();
      return true;
    },
    ".": () => {
      one(".fresh button")?.click();
      return one(".fresh");
    },
    "?": () => {
      help();
      return true;
    },
  };

  let isGoing = false;
  const inField = (element) => element.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], dialog, [role=listbox]");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "?") return;
    if (inField(event.target)) return;
    const wasGoing = isGoing;
    isGoing = !wasGoing && event.key === "g";
    if (isGoing) return void setTimeout(() => (isGoing = false), 1500);
    const place = wasGoing && places[event.key];
    if (place) location.href = place;
    else if (!wasGoing && Object.hasOwn(actions, event.key) && !actions[event.key]()) return;
    else if (!place && !Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
  });
}
