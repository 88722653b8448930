// Keeps one page, the one that says that the network is gone, and what it is made of.
// Nothing about anybody is kept; whatever else is asked goes to the network, as without this file.
// And shows what is sent to this device, where somebody has switched that on.
const NAME = "{{ name|escapejs }}";
const PAGE = "{{ page|escapejs }}";
const PARTS = [{% for part in parts %}"{{ part|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(NAME);
    await cache.addAll([PAGE, ...PARTS]);
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const takeOver = async () => {
    for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
    // The page is asked for while this script wakes up: an old phone needs long for it.
    if (registration.navigationPreload) await registration.navigationPreload.enable();
    await clients.claim();
  };
  event.waitUntil(takeOver());
});

const kept = async (address) => (await caches.open(NAME)).match(address);

const pageOrNotice = async (event) => {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return (await kept(PAGE)) || Response.error();
  }
};

const partOrCopy = async (request) => {
  try {
    return await fetch(request);
  } catch {
    return (await kept(request.url)) || Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    // A form goes its own way, untouched, unless it is plain that there is no network.
    if (request.method === "GET") event.respondWith(pageOrNotice(event));
    else if (!navigator.onLine) event.respondWith(kept(PAGE));
  } else if (PARTS.some((part) => new URL(part, location).href === request.url)) {
    event.respondWith(partOrCopy(request));
  }
});

addEventListener("push", (event) => {
  // Sealed for this device by our own server; a repeat takes the place of the first (`tag`).
  const { title, body, tag, url } = event.data.json();
  const options = { body, tag, icon: "{{ icon|escapejs }}", data: url };
  event.waitUntil(registration.showNotification(title, options));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});
