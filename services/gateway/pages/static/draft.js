// Keeps what is typed into a referral on the server every few seconds, and nothing of it in the browser.
"use strict";
(() => {
  const form = document.querySelector("form[data-drafts]");
  if (!form) return;
  const place = form.querySelector(".kept");
  const typed = () => {
    const data = new URLSearchParams(new FormData(form));
    ["csrf", "key", "draft", "version"].forEach((name) => data.delete(name));
    return data.toString();
  };
  let last = typed();
  let tried = last;
  let busy = false;
  let leaving = false;
  let pressed = null;
  let safe = document.body.dataset.returned === undefined; // what came back in a refused form may not be kept yet
  const save = async () => {
    const now = typed();
    if (busy || leaving || now === last) return;
    busy = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      if (now === tried) body.set("by_itself", "yes"); // nobody typed since: who is away is away
      tried = now;
      const answer = await fetch(form.dataset.drafts, { method: "POST", body, keepalive: body.toString().length < 60000 });
      if (!answer.ok || answer.redirected) return;
      const kept = await answer.json();
      form.elements.draft.value = kept.draft;
      form.elements.version.value = kept.version;
      last = now;
      safe = true;
      if (location.pathname !== kept.path) history.replaceState(null, "", kept.path);
      place.textContent = place.dataset.kept;
    } catch {
      // The page still holds all of it; the next round tries again.
    } finally {
      busy = false;
      if (pressed) form.requestSubmit(pressed);
    }
  };
  // What is being saved just now is the same draft as what is sent: a press waits for its answer.
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      pressed = event.submitter;
    } else {
      leaving = true;
    }
  });
  form.addEventListener("over", (event) => safe && typed() === last && event.preventDefault());
  setInterval(save, 3000);
  document.addEventListener("visibilitychange", save);
})();
