// Takes off the screen what is shown once its sign-in is over: nobody used it, or it was ended in another tab.
// What was typed and is kept under Drafts goes too; else it is covered, and sealed for who typed it (R10).
"use strict";
(() => {
  const tabs = new BroadcastChannel("closeknit");
  const { still, left, over, kept, enter, again, returned } = document.body.dataset;
  if (!still) {
    tabs.postMessage("signed out");
    return;
  }
  let ends;
  let timer;
  let cleared = false;
  const changed = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected));
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  // In a form that came back what was typed stands as if it had always been there.
  const holds = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value !== "");
  const typed = (form) =>
    [...form.querySelectorAll("input:not([type=hidden], [type=submit], [type=file]), select, textarea")].some(returned === undefined ? changed : holds);
  const clear = () => {
    if (cleared) return;
    cleared = true;
    clearTimeout(timer);
    const main = document.querySelector("main");
    const filled = [...main.querySelectorAll('form[method="post"]:not([role="search"])')].filter(typed);
    const page = location.pathname + location.search;
    if (!filled.length) {
      location.replace(page);
      return;
    }
    const lost = filled.filter((form) => form.dispatchEvent(new Event("over", { cancelable: true })));
    main.replaceChildren(...(lost.length ? lost.map(covered) : [said(kept), made("a", { href: page, className: "button", textContent: enter })]));
    document.querySelector("header nav").remove();
    document.querySelector("header .who").remove();
  };
  const made = (name, what) => Object.assign(document.createElement(name), what);
  const said = (words) => made("p", { className: "notice wait", role: "alert", textContent: words });
  const covered = (form) => {
    const [place, cover] = [made("div", { className: "stack" }), made("div", { hidden: true })];
    const button = made("button", { textContent: again });
    form.append(made("input", { type: "hidden", name: "over", value: "yes" })); // it is not to be carried out
    Object.assign(form, { noValidate: true, target: "_blank" });
    button.addEventListener("click", () => form.submit());
    cover.append(form);
    place.append(said(over), button, cover);
    seal(form, place);
    return place;
  };
  const seal = async (form, place) => {
    const words = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(words) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (page.querySelector("main [name=kept]")) place.replaceChildren(...page.querySelector("main").childNodes);
    } catch {
      // It stays covered.
    }
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
