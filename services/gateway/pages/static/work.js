// Says that new items wait, and moves nothing: the list changes only when somebody asks for it.
"use strict";
(() => {
  const place = document.querySelector(".news");
  if (!place) return;
  const { show, one, many, oneBelow, manyBelow } = place.dataset;
  const page = Number(place.dataset.page);
  const first = place.dataset.first === "yes";
  const seconds = 20;
  const part = 200; // so many come with one answer of the API: a longer list is asked for less often
  const list = show === "all" ? "/work" : `/work?show=${show}`;
  let wait = seconds;
  let known = new Set(place.dataset.seen.split(" ").filter(Boolean));
  let begun = first && known.size < page; // else there is more than the page holds
  const say = (items) => {
    const fresh = items.filter((id) => !known.has(id));
    if (!fresh.length) return;
    const above = fresh.every((id) => items.indexOf(id) < page);
    const link = document.createElement("a");
    link.href = list;
    const words = fresh.length === 1 ? (above ? one : oneBelow) : above ? many : manyBelow;
    link.textContent = words.replace("{number}", fresh.length);
    place.replaceChildren(link);
  };
  // What lies beyond the page is known by the first answer; after that whatever is not known is new.
  const learn = (items) => {
    const above = first ? page : 0;
    say(items.slice(0, above));
    known = new Set([...known, ...items.slice(above)]);
    begun = true;
  };
  const look = async () => {
    if (document.hidden && begun) return;
    let answer;
    try {
      answer = await fetch(`/work/news?show=${show}`, { headers: { accept: "application/json" } });
    } catch {
      return;
    }
    if (!answer.ok || answer.redirected) return;
    const { items } = await answer.json();
    wait = seconds * Math.max(1, Math.ceil(items.length / part));
    (begun ? say : learn)(items);
  };
  const again = async () => {
    await look();
    setTimeout(again, wait * 1000);
  };
  if (begun) setTimeout(again, wait * 1000);
  else again();
  document.addEventListener("visibilitychange", look);
})();
