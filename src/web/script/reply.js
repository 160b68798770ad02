// A reply is written in place, below its post.
{
  let opened = 0;

  // The ids of the form are those of another form on this page.
  function renumber(form) {
    const prefix = `reply${++opened}-`;
    for (const element of all("[id], [for], [aria-describedby], [list]", form)) {
      for (const name of ["id", "for", "aria-describedby", "list"]) {
        if (element.hasAttribute(name)) element.setAttribute(name, prefix + element.getAttribute(name));
      }
      // Firefox forgets the name of a control whose id was the same.
      const name = element.getAttribute("name");
      if (!name) continue;
      element.removeAttribute("name");
      element.setAttribute("name", name);
    }
  }

  function close(place, post) {
    const composer = composerOf(one("form", place));
    composer.state.textContent = "";
    composer.save().then(() => composer.state.textContent && say(composer.state.textContent));
    composers.splice(composers.indexOf(composer), 1);
    place.remove();
    one(".act.reply", post)?.focus();
  }

  async function open(link, post) {
    const known = post.nextElementSibling;
    if (known?.matches(".reply-place")) return one("textarea", known).focus();
    const loaded = await load(link.href);
    const form = loaded && one("form.compose", loaded.page);
    if (!form) return;
    renumber(form);
    const cancel = make("button", { type: "button", className: "button quiet", textContent: texts.cancel });
    one(".row:last-of-type .steps", form).prepend(cancel);
    const place = make("div", { className: "reply-place" }, document.adoptNode(form));
    post.after(place);
    enhance(place);
    cancel.addEventListener("click", () => close(place, post));
    place.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close(place, post));
    const { text } = form.elements;
    await composerOf(form).restored;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    form.addEventListener("submit", (event) => send(event, form, place, post));
  }

  // Publishes without leaving the page. Every other step leads to the page of its own.
  async function send(event, form, place, post) {
    if (event.defaultPrevented || event.submitter?.name) return;
    event.preventDefault();
    const composer = composerOf(form);
    all("button", form).forEach((button) => (button.disabled = true));
    await composer.saving;
    const response = await fetch("/posts", { method: "POST", body: composer.data() }).catch(() => null);
    all("button", form).forEach((button) => (button.disabled = false));
    composer.isSent = false;
    sessionStorage.removeItem("sent");
    if (!response) return say(texts.offline, true);
    if (response.status === 401) return saySignedOut();
    const page = parse(await response.text());
    const other = one("form.compose", page);
    if (!response.redirected && other) {
      // The server has kept it as a draft, and says what is wrong.
      composer.takePictures(other);
      return say(one(".notice.bad", page)?.textContent ?? texts.failed, true);
    }
    localStorage.removeItem(composer.key);
    composer.begun = composer.fields();
    close(place, post);
    const link = make("a", { href: response.url }, texts.open);
    say(one("main > .notice[role=status]", page)?.textContent ?? make("span", {}, texts.replied, " ", link));
    showReplies?.();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("article .act.reply");
    const post = link?.closest("article[data-id]");
    if (!post || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link, post);
  });
}
