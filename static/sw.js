// The service worker of the owner's browser. The server writes VERSION and FILES before this: the files of the offline page.
// It keeps nothing else: pages of the owner are never stored.
"use strict";
const CACHE = `dassie-${VERSION}`;

self.addEventListener("install", (event) => {
  const files = FILES.map((file) => new Request(file, { credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const outdated = (keys) => keys.filter((key) => key.startsWith("dassie-") && key !== CACHE);
  event.waitUntil(
    caches.keys().then((keys) => Promise.all(outdated(keys).map((key) => caches.delete(key)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(FILES[0])));
  } else if (FILES.includes(url.pathname + url.search)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname + url.search)));
  }
});

self.addEventListener("push", (event) => {
  const { title, body, icon, notification_id: id, url } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, icon, tag: `${id}`, data: url }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = event.notification.data;
  const open = async () => {
    const [window] = await self.clients.matchAll({ type: "window" });
    const shown = await window?.navigate(url).catch(() => null);
    await (shown ? shown.focus() : self.clients.openWindow(url));
  };
  event.waitUntil(open());
});
