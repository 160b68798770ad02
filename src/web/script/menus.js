// Menus: one is open at a time, a click outside or Escape closes it, and one near the end of the window opens upwards.
{
  document.addEventListener("toggle", ({ target }) => {
    const menu = target.matches(".options[open]") && one(".menu", target);
    if (menu) menu.classList.toggle("up", menu.getBoundingClientRect().bottom > innerHeight - 64);
  }, true);

  const open = () => all(".options[open], .drop[open]");
  document.addEventListener("click", (event) => open().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      menu.open = false;
      one("summary", menu).focus();
    });
  });
}
