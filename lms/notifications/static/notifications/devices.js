/* Messages on this device: the browser asks, and its answer goes into the form of the page. */
(() => {
  const form = document.querySelector("[data-device-key]");
  if (!form) return;
  const say = (name) => {
    for (const note of form.querySelectorAll("[data-device-note]"))
      note.hidden = note.dataset.deviceNote !== name;
  };
  const button = form.querySelector("button");
  if (!("serviceWorker" in navigator && "PushManager" in window)) {
    say("unable");
    return;
  }
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) =>
      one.charCodeAt(0),
    );
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  button.hidden = false;
  if (Notification.permission === "denied") say("denied");
  form.addEventListener("submit", async (event) => {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    if ((await Notification.requestPermission()) !== "granted") {
      say("denied");
      return;
    }
    try {
      const { pushManager } = await navigator.serviceWorker.ready;
      const old = await pushManager.getSubscription();
      // One that was made for another key would be refused.
      if (old) await old.unsubscribe();
      const device = await pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(form.dataset.deviceKey),
      });
      form.elements.endpoint.value = device.endpoint;
      form.elements.p256dh.value = text(device.getKey("p256dh"));
      form.elements.auth.value = text(device.getKey("auth"));
      form.submit();
    } catch {
      say("unable");
    }
  });
})();
