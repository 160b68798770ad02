// Completion of mentions, hashtags and emoji in the text of a post, and the picker of emoji.
{
  const WRITTEN = /(?:^|[\s(])([@#:][\p{L}\p{N}_][\p{L}\p{N}_.@:-]*)$/u;

  function completion(form) {
    const text = form.elements.text;
    const list = make("ul", { className: "suggestions", hidden: true, id: `${text.id}-suggestions` });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", texts.suggestions);
    const picker = make("button", { type: "button", className: "act", title: texts.emoji, onclick: () => pick() });
    picker.innerHTML = '<svg aria-hidden="true"><use href="/static/icons.svg#smile"/></svg>';
    picker.setAttribute("aria-label", texts.emoji);
    const place = make("div", { className: "completed" });
    text.before(place);
    place.append(text, list);
    one(".below", form).append(picker);
    text.setAttribute("aria-autocomplete", "list");
    let timer;
    let start = -1;

    const options = () => [...list.children];
    const chosen = () => one("[aria-selected=true]", list);
    const close = () => {
      list.hidden = true;
      text.removeAttribute("aria-controls");
      text.removeAttribute("aria-activedescendant");
    };

    function select(option) {
      chosen()?.setAttribute("aria-selected", "false");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      text.setAttribute("aria-activedescendant", option.id);
    }

    function insert(option) {
      const end = text.selectionEnd;
      close();
      text.focus();
      text.setSelectionRange(start, end);
      text.setRangeText(`${option.dataset.insert} `, start, end, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }

    async function offer(written, isPicker) {
      start = text.selectionEnd - (isPicker ? 0 : written.length);
      const at = text.selectionEnd;
      const loaded = await load(`/complete?q=${encodeURIComponent(written)}`, { background: !isPicker });
      const found = loaded && one("#suggestions", loaded.page);
      if (!found?.children.length || text.selectionEnd !== at) return close();
      list.classList.toggle("picker", isPicker);
      list.replaceChildren(...[...found.children].map((option) => document.importNode(option, true)));
      options().forEach((option, n) => {
        option.id = `${list.id}-${n}`;
        option.setAttribute("aria-selected", "false");
        // The field keeps the focus.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => insert(option));
      });
      list.hidden = false;
      text.setAttribute("aria-controls", list.id);
      composerOf(form).state.textContent = found.dataset.count;
      if (!isPicker) select(options()[0]);
    }

    function pick() {
      text.focus();
      if (list.hidden) offer(":", true);
      else close();
    }

    text.addEventListener("input", () => {
      clearTimeout(timer);
      const written = text.value.slice(0, text.selectionEnd).match(WRITTEN)?.[1];
      if (!written || text.selectionStart !== text.selectionEnd) return close();
      timer = setTimeout(() => offer(written, false), 150);
    });
    text.addEventListener("blur", () => setTimeout(() => document.activeElement === text || close(), 200));
    text.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const [all, now] = [options(), options().indexOf(chosen())];
      const move = (by) => select(all[(now + by + all.length) % all.length]);
      if (event.key === "ArrowDown") move(1);
      else if (event.key === "ArrowUp") move(now < 0 ? 0 : -1);
      else if ((event.key === "Enter" || event.key === "Tab") && now >= 0 && !event.ctrlKey && !event.metaKey) insert(all[now]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  enhancements.push((root) => all("form.compose", root).forEach(completion));
}
