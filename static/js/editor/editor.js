/* Starts the editor on every markdown field of the page, and on those that are added later. */
"use strict";

(function (editor) {
  function start(root) {
    const area = root.querySelector("textarea");
    // The form that Django copies for each new row has a name with this in it.
    if (!area || area.name.includes("__prefix__") || root.dataset.started) {
      return;
    }
    root.dataset.started = "yes";
    const part = (name) => root.querySelector(`[data-editor-${name}]`);
    const label = area.labels.length ? area.labels[0].textContent.replace(/:\s*$/, "").trim() : "";

    function say(text) {
      part("status").textContent = text;
    }

    function complain(content) {
      const problem = part("problem");
      if (problem.dataset.shown === content.error) {
        return;
      }
      problem.dataset.shown = content.error;
      problem.textContent = content.error;
      if (content.code === editor.SESSION_ENDED) {
        editor.offerLogin(problem, root.dataset.loginUrl);
      }
    }

    function stopComplaining() {
      delete part("problem").dataset.shown;
      part("problem").textContent = "";
    }

    if (label) {
      part("toolbar").setAttribute("aria-label", `Opmaak van ${label}`);
      part("page").setAttribute("aria-label", `Voorbeeld van ${label}`);
      part("advice").setAttribute("aria-label", `Aandachtspunten bij ${label}`);
    }
    part("tools").hidden = false;
    part("preview").hidden = false;
    const advise = editor.startAdvice({ root, area });
    const askImage = editor.startImages({ root, area, say });
    editor.startToolbar(part("toolbar"), area, say, { image: () => askImage() });
    editor.startPaste({ area, say, askImage });
    const show = editor.startPage(part("page"), root.dataset.stylesheets.split(" "));
    editor.startPreview({
      area,
      url: root.dataset.previewUrl,
      level: root.dataset.level,
      receive(content) {
        stopComplaining();
        show(content.html);
        advise(content);
      },
      refuse: complain,
    });
  }

  function startAll(container) {
    container.querySelectorAll("[data-editor]").forEach(start);
  }

  startAll(document);
  document.addEventListener("formset:added", (event) => startAll(event.target));
})(window.markdownEditor);
