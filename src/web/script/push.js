// Notifications in this browser: the browser makes the subscription, and a form stores it.
{
  const form = one("form[data-push]");
  const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  if (form && navigator.serviceWorker && window.PushManager) {
    form.hidden = false;
    one("[data-no-push]").hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        if ((await Notification.requestPermission()) !== "granted") throw new Error(form.dataset.refused);
        const { pushManager } = await navigator.serviceWorker.ready;
        const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push });
        form.elements.endpoint.value = subscription.endpoint;
        form.elements.p256dh.value = encode(subscription.getKey("p256dh"));
        form.elements.auth.value = encode(subscription.getKey("auth"));
        form.submit();
      } catch (error) {
        say(error.message, true);
      }
    });
  }
  one('form[action="/settings/notifications/browser/off"]')?.addEventListener("submit", async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    (await registration?.pushManager.getSubscription())?.unsubscribe();
  });
}
