"use strict";

/* Pages where one types but nothing is kept meanwhile: tell the server at most once a minute that
   somebody is at work, so that the session does not end during a long text. */

(function () {
  const { workUrl } = document.currentScript.dataset;
  const ONCE_IN = 60000;
  let told = -ONCE_IN;

  document.addEventListener("input", function () {
    const now = performance.now();
    if (now - told < ONCE_IN) {
      return;
    }
    told = now;
    // What fails here is told when the page is saved.
    fetch(workUrl, { cache: "no-store", redirect: "manual" }).catch(() => {});
  });
})();
