// Takes off the screen what is shown once its sign-in is over: nobody used it, or it was ended in another tab.
// What was typed stays, and nothing beside it (R10).
"use strict";
(() => {
  const tabs = new BroadcastChannel("closeknit");
  const { still, left, over, returned } = document.body.dataset;
  if (!still) {
    tabs.postMessage("signed out");
    return;
  }
  let ends;
  let timer;
  let cleared = false;
  const changed = (field) => {
    if (field.type === "hidden" || field.type === "submit") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected));
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  const typed = (form) => returned !== undefined || [...form.elements].some(changed);
  const clear = () => {
    if (cleared) return;
    cleared = true;
    clearTimeout(timer);
    const main = document.querySelector("main");
    const kept = [...main.querySelectorAll('form[method="post"]')].filter(typed);
    if (!kept.length) {
      location.replace(location.pathname + location.search);
      return;
    }
    const said = document.createElement("p");
    said.className = "notice wait";
    said.setAttribute("role", "alert");
    said.textContent = over;
    main.replaceChildren(said, ...kept);
    document.querySelector("header nav").remove();
    document.querySelector("header .who").remove();
  };
  const wait = (seconds) => {
    ends = Date.now() + seconds * 1000;
    clearTimeout(timer);
    timer = setTimeout(look, seconds * 1000);
  };
  const look = async () => {
    let seconds = 0;
    try {
      const answer = await fetch(still, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      seconds = (await answer.json()).left;
    } catch {
      if (Date.now() < ends) return; // nobody answers, and it is not over by itself yet
    }
    if (seconds > 0) wait(seconds);
    else clear();
  };
  // "Leave now": nothing is seen while the other page comes, and tabs look again once her sign-in has ended.
  document.querySelector("a[data-leave]")?.addEventListener("click", () => {
    document.body.hidden = true;
    addEventListener("pagehide", () => tabs.postMessage("signed out"));
  });
  wait(Number(left));
  tabs.addEventListener("message", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("pageshow", (event) => event.persisted && look());
})();
