// Sends a form once more after some seconds, for what is still under way; without a script its button does.
"use strict";
(() => {
  const form = document.querySelector("form[data-again]");
  if (!form) return;
  setTimeout(() => {
    const itself = document.createElement("input");
    Object.assign(itself, { type: "hidden", name: "by_itself", value: "yes" });
    form.append(itself);
    form.requestSubmit();
  }, Number(form.dataset.again) * 1000);
})();
