// Says that new items wait, and moves nothing: the list changes only when somebody asks for it.
"use strict";
(() => {
  const place = document.querySelector(".news");
  if (!place) return;
  const seen = new Set(place.dataset.seen.split(" "));
  const look = async () => {
    if (document.hidden) return;
    let answer;
    try {
      answer = await fetch("/work/news", { headers: { accept: "application/json" } });
    } catch {
      return;
    }
    if (!answer.ok || answer.redirected) return;
    const fresh = (await answer.json()).items.filter((id) => !seen.has(id)).length;
    if (!fresh) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = fresh === 1 ? place.dataset.one : place.dataset.many.replace("{number}", fresh);
    place.replaceChildren(link);
  };
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
})();
