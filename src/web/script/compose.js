// The form in which posts are written: it grows, counts, and saves itself as a draft.

// The length of a post as the server counts it: links count 23, mentions count without their server.
const graphemes = window.Intl?.Segmenter ? new Intl.Segmenter() : null;
function count(text) {
  const short = text
    .replace(/(^|[^\p{L}\p{N}\p{M}_])https?:\/\/[^\s<>"\\]+/giu, (link, before) => before + "x".repeat(23) + link.match(/[.,:;!?'")\]*_~]*$/)[0])
    .replace(/(^|[^\p{L}\p{N}\p{M}_/@])@(\w+(?:[.-]+\w+)*)@[\p{L}\p{N}.-]*[\p{L}\p{N}](?::\d+)?/gu, "$1@$2");
  return graphemes ? [...graphemes.segment(short)].length : [...short].length;
}

const IDLE = 2000;

class Composer {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    this.automatic = form.getAttribute("action") === "/posts" && !form.elements.scheduled;
    this.key = "draft " + ["in_reply_to", "quote", "draft", "scheduled"].map((name) => form.elements[name]?.value ?? "").join(" ") + form.getAttribute("action");
    this.counted = make("span", { className: "fine counted" });
    this.state = make("span", { className: "fine saved" });
    this.state.setAttribute("role", "status");
    // It is over the line of the options, so that nothing moves.
    one(":scope > details", form).before(make("p", { className: "below" }, this.state, this.counted));
    this.limit = this.text.maxLength;
    this.text.removeAttribute("maxlength");
    this.begun = this.fields();
    this.restored = this.restore().then(() => this.changed());
    form.addEventListener("input", () => this.edited());
    form.addEventListener("change", () => this.edited());
    form.addEventListener("submit", (event) => this.submitted(event));
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(one(".button.main", form));
    });
  }

  data() {
    const data = new FormData(this.form);
    data.delete("picture");
    return data;
  }

  // What was entered, to be compared.
  fields() {
    return JSON.stringify([...this.data()].filter(([name]) => !["csrf", "draft"].includes(name)));
  }

  // Grows the field and counts.
  changed() {
    if (this.text.value === this.shown) return;
    this.shown = this.text.value;
    // While the field has its least height, the page may be too short for its place.
    const place = scrollY;
    this.text.style.height = "auto";
    if (this.text.value) this.text.style.height = `${this.text.scrollHeight + 2}px`;
    if (scrollY !== place) scrollTo(scrollX, place);
    const left = this.limit - count(this.text.value);
    const number = make("span", {}, left.toLocaleString(document.documentElement.lang));
    number.setAttribute("aria-hidden", "true");
    this.counted.replaceChildren(...(this.text.value ? [number, make("span", { className: "hidden" }, texts.left.replace("0", left))] : []));
    this.counted.classList.toggle("bad", left < 0);
  }

  edited() {
    this.changed();
    const isChanged = this.fields() !== this.begun;
    if (isChanged) this.remember(true);
    clearTimeout(this.timer);
    if (isChanged && this.automatic) this.timer = setTimeout(() => this.save(), IDLE);
  }

  // What is typed survives a closed tab, also before it is saved.
  remember(isUnsaved) {
    const draft = this.form.elements.draft?.value;
    localStorage.setItem(this.key, JSON.stringify({ text: this.text.value, draft, isUnsaved }));
  }

  async restore() {
    if (one(".notice.bad")) return;
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    // A mention or shared text is wanted now; the earlier draft is kept on the server.
    const isPrefilled = this.text.value && this.automatic && !this.form.elements.in_reply_to && !this.form.elements.draft;
    if (!kept || isPrefilled) return;
    if (kept.draft && !this.form.elements.draft) {
      const response = await fetch(`/drafts/${kept.draft}`).catch(() => null);
      // It was published or deleted elsewhere.
      if (response?.status === 404) return localStorage.removeItem(this.key);
      if (response?.ok) this.take(one("form.compose", parse(await response.text())));
    }
    if (kept.isUnsaved || !kept.draft) this.text.value = kept.text;
    this.begun = this.fields();
  }

  // Takes what another form has.
  take(other) {
    for (const field of other.elements) {
      const own = field.name && field.name !== "csrf" && this.form.elements[field.name];
      if (own instanceof Element && field.type !== "file" && own.tagName === field.tagName && own.type !== "submit") {
        own.value = field.value;
        if ("checked" in own) own.checked = field.checked;
      }
    }
    this.takePictures(other);
    const details = one(":scope > details", other);
    if (details?.open) one(":scope > details", this.form).open = true;
  }

  // Takes the pictures that another form has more, and its draft. Returns the new pictures.
  takePictures(other) {
    const isKnown = (figure) => one(`input[name="media_ids[]"][value="${one("input", figure).value}"]`, this.form);
    const added = all("figure.attached", other).filter((figure) => !isKnown(figure)).map((figure) => document.importNode(figure, true));
    one(":scope > .below", this.form).before(...added);
    added.forEach(enhance);
    this.setDraft(other.elements.draft?.value);
    return added;
  }

  setDraft(id) {
    this.form.elements.draft?.remove();
    if (id) this.form.prepend(make("input", { type: "hidden", name: "draft", value: id }));
  }

  // Saves the draft if something has changed. Saves follow each other, so that there is one draft.
  save(keepalive = false) {
    clearTimeout(this.timer);
    this.saving = (this.saving ?? Promise.resolve()).then(() => this.send(keepalive));
    return this.saving;
  }

  async send(keepalive) {
    const fields = this.fields();
    if (!this.automatic || this.isSent || fields === this.begun) return;
    const body = this.data();
    body.append("autosave", "true");
    const response = await fetch("/posts", { method: "POST", body, keepalive }).catch(() => null);
    const page = response && parse(await response.text());
    const saved = response?.ok && one("#saved", page);
    if (saved) {
      this.begun = fields;
      this.setDraft(saved.dataset.draft);
      this.state.textContent = saved.textContent;
      if (saved.dataset.draft) this.remember(this.fields() !== fields);
      else localStorage.removeItem(this.key);
    } else if (response?.status === 403 && one("input[name=csrf]", page)) {
      // The owner has signed in again in the meantime.
      all("input[name=csrf]").forEach((field) => (field.value = one("input[name=csrf]", page).value));
      this.timer = setTimeout(() => this.save(), IDLE);
    } else {
      this.state.textContent = response?.status === 401 ? "" : texts.unsaved;
      if (response?.status === 401) saySignedOut();
    }
  }

  // A form that is sent while its draft is being saved would leave that draft behind.
  async submitted(event) {
    if (event.defaultPrevented || this.isSent) return;
    sessionStorage.setItem("sent", this.key);
    clearTimeout(this.timer);
    if (!this.saving) return void (this.isSent = true);
    event.preventDefault();
    this.isSent = true;
    await this.saving;
    // While the event is dispatched, the form cannot be sent again.
    setTimeout(() => this.form.requestSubmit(event.submitter));
  }
}

{
  const sent = sessionStorage.getItem("sent");
  // A rejected post is in the form again, and on the server as a draft.
  if (sent && (!one(".notice.bad") || one("form.compose"))) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
  one('form[action="/logout"]')?.addEventListener("submit", () => localStorage.clear());
}

const composers = [];
enhancements.push((root) => all("form.compose", root).forEach((form) => composers.push(new Composer(form))));
const composerOf = (element) => composers.find((composer) => composer.form === element.closest("form.compose"));
document.addEventListener("visibilitychange", () => document.hidden && composers.forEach((composer) => composer.save(true)));
addEventListener("pageshow", (event) => event.persisted && composers.forEach((composer) => (composer.isSent = false)));
