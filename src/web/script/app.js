// Installed apps: the service worker shows a page of its own while there is no connection.
navigator.serviceWorker?.register("/sw.js").catch(() => {});
one('form[action="/logout"]')?.addEventListener("submit", () => {
  navigator.serviceWorker?.getRegistrations().then((all) => all.forEach((registration) => registration.unregister()));
});
