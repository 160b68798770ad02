// While a page is visible: new posts are announced by a button, changed posts change in place, and the number of unread
// notifications is current. The events of the stream only say when to look; what is shown is rendered by the server.

// Shows the new posts of the thread on this page.
let showReplies;
{
  const list = one("[data-live]");
  const scope = list?.dataset.live ?? "";
  if (list?.matches(".thread")) showReplies = grow;
  const newest = () => (showReplies ? all("article:has(header)", list).length : list?.dataset.newest ?? 0);
  const isNotifications = /^\/notifications(\/[a-z]+)?$/.test(location.pathname) && !location.search;
  const title = document.title;
  let events;
  let timer;
  let waiting = 0;

  const line = make("div", { className: "fresh" });
  line.setAttribute("role", "status");
  if (list) list.before(line);
  else if (isNotifications) one("main .notification, main .empty")?.before(line);

  function showUnread(number) {
    const label = one('.rail a[href="/notifications"] span');
    one(".count", label)?.remove();
    document.title = number > 0 ? `(${number}) ${title}` : title;
    if (number > 0) label.append(" ", make("b", { className: "count" }, String(number), make("span", { className: "hidden" }, ` ${texts.fresh}`)));
  }

  function offer(label, show) {
    if (line.textContent === label) return;
    const button = label && make("button", { className: "button main", type: "button", onclick: show }, label);
    line.replaceChildren(...(button ? [button] : []));
  }

  async function look() {
    const loaded = await load(`/live/new?${scope}&above=${newest()}`, { background: true });
    const found = loaded && one("#live", loaded.page)?.dataset;
    if (!found) return;
    showUnread(Number(found.unread));
    if (list) offer(found.label ?? "", showReplies ?? insert);
    else if (isNotifications && Number(found.unread) > 0) offer(found.notifications, showNotifications);
  }

  // Inserts the new posts above the others. What the reader sees stays where it is, unless that is the top of the list.
  async function insert(event) {
    const loaded = await load(`/live/new?${scope}&above=${newest()}&posts=true`);
    if (!loaded) return;
    const found = one("#live", loaded.page);
    const posts = [...found.children].filter((post) => !list.querySelector(`#${CSS.escape(post.id || "none")}`) || post.dataset.boost);
    const nodes = posts.map((post) => document.importNode(post, true));
    const anchor = all("article", list).find((post) => post.getBoundingClientRect().bottom > 72);
    const isAtTop = list.getBoundingClientRect().top > 0;
    const before = anchor?.getBoundingClientRect().top;
    document.documentElement.style.overflowAnchor = "none";
    const byKeyboard = event.detail === 0;
    list.prepend(...nodes);
    nodes.forEach(enhance);
    list.dataset.newest = found.dataset.newest;
    one(".empty")?.remove();
    line.replaceChildren();
    if (anchor && !isAtTop) scrollBy(0, anchor.getBoundingClientRect().top - before);
    if (byKeyboard) focus(nodes[0], !isAtTop);
    requestAnimationFrame(() => (document.documentElement.style.overflowAnchor = ""));
    if (found.dataset.more !== undefined) look();
  }

  function focus(post, preventScroll) {
    if (!post) return;
    post.tabIndex = -1;
    post.focus({ preventScroll });
  }

  // Adds the new posts of a thread at their places, and keeps what is being written.
  async function grow(event) {
    const loaded = await load(location.href);
    if (!loaded) return;
    let last;
    let first;
    for (const part of all(".thread > [id]", loaded.page)) {
      let shown = document.getElementById(part.id);
      if (!shown) {
        shown = document.importNode(part, true);
        if (last) last.after(shown);
        else list.prepend(shown);
        enhance(shown);
        if (shown.matches("article")) first ??= shown;
      } else if (shown.matches("h2")) shown.replaceChildren(...part.childNodes);
      const { nextElementSibling } = shown;
      last = nextElementSibling?.matches(".reply-place") ? nextElementSibling : shown;
    }
    // Whether replies are being fetched.
    const [state, fresh] = [document, loaded.page].map((page) => one(".fetched p", page));
    if (fresh) state?.replaceWith(fresh);
    line.replaceChildren();
    if (event) focus(first);
  }

  // Shows the notifications again, which marks them read.
  async function showNotifications() {
    const loaded = await load(location.href);
    if (!loaded) return;
    one("main").replaceChildren(...document.importNode(one("main", loaded.page), true).childNodes);
    one("main .notification, main .empty")?.before(line);
    line.replaceChildren();
    enhance(one("main"));
    showUnread(0);
  }

  function removeDeleted(id) {
    for (const post of all(`article[data-id="${CSS.escape(id)}"], article[data-boost="${CSS.escape(id)}"]`)) {
      if (post.dataset.boost === id) remove(post);
      else post.replaceChildren(make("p", { className: "fine" }, texts.deleted));
    }
    soon();
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, 700);
  }

  function open() {
    if (events || document.hidden) return;
    events = new EventSource(`/live?${scope}`);
    events.addEventListener("open", () => {
      waiting = 0;
      soon();
    });
    for (const kind of ["update", "notification"]) events.addEventListener(kind, soon);
    events.addEventListener("status.update", (event) => renew(JSON.parse(event.data).id, true));
    events.addEventListener("delete", (event) => removeDeleted(event.data));
    events.addEventListener("error", () => {
      if (events.readyState !== EventSource.CLOSED) return;
      events = null;
      // A server that restarts behind a proxy answers with errors for a while.
      waiting = Math.min(waiting * 2 || 5000, 300_000);
      setTimeout(open, waiting);
    });
  }

  // A browser has few connections to one server, so only visible pages have one.
  function pause() {
    events?.close();
    events = null;
  }

  if (window.EventSource && one(".rail")) {
    document.addEventListener("visibilitychange", () => (document.hidden ? pause() : open()));
    addEventListener("pagehide", pause);
    addEventListener("pageshow", open);
    showUnread(parseInt(one(".rail .count")?.textContent) || 0);
  }
}
