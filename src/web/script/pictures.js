// Pictures in the form: chosen, pasted or dropped ones are uploaded at once, and a click on one sets what stays in view.
{
  const files = (data) => [...(data?.files ?? [])];

  // Uploads one file with its progress, and returns the page that the server responds with.
  const upload = (body, progress) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/posts");
    request.upload.addEventListener("progress", (event) => (progress.value = event.loaded / event.total));
    request.addEventListener("loadend", () => done(request));
    request.send(body);
  });

  async function attach(composer, chosen) {
    const { form } = composer;
    // Each picture has a field of its own, so nothing is typed into this one while a picture is uploaded.
    let alt = form.elements.alt?.value ?? "";
    all("[name=alt], label[for$=alt]", form).forEach((field) => field.remove());
    for (const file of chosen) {
      const progress = make("progress", { max: 1, value: 0 });
      progress.setAttribute("aria-label", `${texts.uploading} ${file.name}`);
      one(":scope > .below", form).before(progress);
      composer.state.textContent = `${texts.uploading} ${file.name}`;
      await composer.saving;
      const body = composer.data();
      body.append("attach", "true");
      body.append("picture", file);
      body.append("alt", alt);
      alt = "";
      const request = await upload(body, progress);
      progress.remove();
      composer.state.textContent = "";
      if (request.status === 401) return saySignedOut();
      if (!request.status) return say(texts.offline, true);
      const page = parse(request.responseText);
      const other = one("form.compose", page);
      const added = other ? composer.takePictures(other) : [];
      if (request.status !== 200) return say(one(".notice.bad, main p", page)?.textContent || texts.failed, true);
      if (added.length) one("textarea", added[0]).focus();
    }
  }

  enhancements.push((root) => {
    for (const form of all("form.compose", root)) {
      const input = form.elements.picture;
      if (!input) continue;
      all("button[name=attach]", form).forEach((button) => (button.hidden = true));
      input.addEventListener("change", () => {
        const chosen = files(input);
        input.value = "";
        attach(composerOf(form), chosen);
      });
      form.addEventListener("paste", (event) => {
        if (!files(event.clipboardData).length) return;
        event.preventDefault();
        attach(composerOf(form), files(event.clipboardData));
      });
      form.addEventListener("dragover", (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        form.classList.add("over");
      });
      form.addEventListener("dragleave", () => form.classList.remove("over"));
      form.addEventListener("drop", (event) => {
        if (!files(event.dataTransfer).length) return;
        event.preventDefault();
        form.classList.remove("over");
        attach(composerOf(form), files(event.dataTransfer));
      });
    }
    const figures = root.matches?.("figure.attached") ? [root] : all("figure.attached", root);
    figures.forEach(focusByClick);
  });

  function focusByClick(figure) {
    const [picture, select] = [one("img", figure), one("select", figure)];
    one("button[name=remove]", figure).addEventListener("click", (event) => {
      event.preventDefault();
      const composer = composerOf(figure);
      figure.remove();
      composer.edited();
      composer.text.focus();
    });
    if (!select) return;
    const frame = make("span", { className: "focal" }, make("span", { className: "point" }));
    picture.before(frame);
    frame.prepend(picture);
    const show = () => {
      const [x, y] = select.value.split(",").map(Number);
      one(".point", frame).style.left = `${50 + x * 50}%`;
      one(".point", frame).style.top = `${50 - y * 50}%`;
    };
    frame.addEventListener("click", (event) => {
      const box = frame.getBoundingClientRect();
      const part = (at, start, size) => Math.max(-1, Math.min(1, ((at - start) / size) * 2 - 1));
      const value = `${part(event.clientX, box.left, box.width).toFixed(2)},${(-part(event.clientY, box.top, box.height)).toFixed(2)}`;
      select.append(new Option(texts.focusChosen, value));
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    select.addEventListener("change", show);
    show();
  }
}
