// Progress of files that are sent, and nothing lost by leaving. Without this file the pages work as well.
"use strict";
(() => {
  let changed = false;

  function prepare(form) {
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
      if (files) {
        event.preventDefault();
        send(form, new FormData(form, event.submitter));
      }
      changed = false;
    });
  }

  function send(form, sent) {
    const progress = form.querySelector("progress");
    const request = new XMLHttpRequest();
    const busy = (yes) => {
      progress.hidden = !yes;
      form.querySelectorAll("button").forEach((button) => { button.disabled = yes; });
    };
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) progress.value = (100 * step.loaded) / step.total;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) window.location.assign(request.responseURL);
      else show(new DOMParser().parseFromString(request.responseText, "text/html"));
    });
    request.addEventListener("error", () => {
      busy(false);
      changed = true;
      window.alert("The connection broke. Nothing is lost here: please try again.");
    });
    busy(true);
    request.open("POST", form.action);
    request.send(sent);
  }

  function show(page) {
    const main = page.querySelector("main");
    document.querySelector("main").replaceWith(main);
    window.htmx.process(main);
    begin();
    main.focus();
    window.scrollTo(0, 0);
  }

  function begin() {
    const form = document.getElementById("item");
    if (form) prepare(form);
  }

  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  begin();
})();
