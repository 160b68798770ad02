// The form in which posts are written.
{
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
}
