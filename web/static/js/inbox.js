// A phone on a page: asks now and then what came, and puts it in. Without this script the page is reloaded by hand.

const EVERY_MS = 3000;

async function look(inbox) {
  if (document.hidden) return;
  const answer = await fetch(inbox.dataset.inbox, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-inbox]");
  if (fresh && fresh.textContent.trim() !== inbox.textContent.trim()) {
    inbox.replaceChildren(...fresh.childNodes);
  }
}

for (const inbox of document.querySelectorAll("[data-inbox]")) {
  // A server that is away for a moment is asked again; nothing is lost.
  setInterval(() => look(inbox).catch(() => {}), EVERY_MS);
}
