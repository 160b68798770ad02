// Actions on posts, people and notifications without leaving the place on the page.
{
  const target = (form, button) => button?.getAttribute("formaction") ?? form.getAttribute("action");
  const fields = (form, button) => {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    return new URLSearchParams(data);
  };

  // Boost, favourite and bookmark: only the button changes.
  async function toggle(form, button) {
    const on = button.getAttribute("aria-pressed") === "false";
    const response = await fetch(target(form, button), { method: "POST", body: fields(form, button), redirect: "manual", keepalive: true }).catch(() => null);
    if (!response) return say(texts.offline, true);
    if (response.status === 401) return saySignedOut();
    if (response.type !== "opaqueredirect") return say(one("main p", parse(await response.text()))?.textContent || texts.failed, true);
    button.setAttribute("aria-pressed", on);
    button.classList.toggle("on", on);
    button.setAttribute("formaction", target(form, button).replace(/\/(un)?([a-z]+)$/, on ? "/un$2" : "/$2"));
  }

  // Everything else: the part of the page that it is about is shown again.
  async function act(form, button, part) {
    const action = target(form, button);
    const loaded = await load(action, { method: "POST", body: fields(form, button) });
    if (!loaded) return;
    const notice = one("main > .notice[role=status]", loaded.page);
    if (notice) say(notice.textContent);
    const id = part.dataset.id;
    const fresh = part.id && loaded.page.getElementById(part.id);
    if (id && !action.endsWith("/block")) await renew(id);
    else if (id) all(`article[data-id="${CSS.escape(id)}"]`).forEach(remove);
    else if (fresh) replace(part, fresh);
    else remove(part);
  }

  document.addEventListener("submit", async (event) => {
    const [form, button] = [event.target, event.submitter];
    const part = form.closest("article[data-id], section.person[id], section.notification[id], section.profile[id]");
    if (event.defaultPrevented || !part || form.method !== "post" || form.matches(".compose")) return;
    event.preventDefault();
    if (button) button.disabled = true;
    await (button?.matches(".acts .act[aria-pressed]") ? toggle(form, button) : act(form, button, part));
    if (!button?.isConnected) return;
    button.disabled = false;
    button.focus();
  });
}
