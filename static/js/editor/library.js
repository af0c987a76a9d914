/* Choosing an image that was placed before, in the dialog that places images. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  const DELAY = 300; // milliseconds after the last key

  /**
   * Let `dialog` search the images that there are; `ask` posts a search and returns the answer,
   * `accept` and `refuse` tell how that went. Returns how to start anew and what was chosen.
   */
  editor.startLibrary = function ({ dialog, template, ask, accept, refuse }) {
    const search = dialog.querySelector("[data-name=search]");
    const list = dialog.querySelector("[data-kept]");
    const found = dialog.querySelector("[data-found]");
    let timer = null;
    let running = null;

    function told(images, more) {
      if (more) {
        return `Dit zijn de nieuwste ${images.length}. Zoek op een woord om meer te vinden.`;
      }
      if (images.length === 0) {
        return search.value.trim() ? "Geen afbeelding gevonden." : "Er zijn nog geen afbeeldingen.";
      }
      return images.length === 1 ? "1 afbeelding gevonden." : `${images.length} afbeeldingen gevonden.`;
    }

    function choiceOf(image) {
      const choice = template.content.firstElementChild.cloneNode(true);
      const input = choice.querySelector("input");
      input.value = image.markdown;
      input.dataset.image = image.name;
      choice.querySelector("img").src = image.src;
      choice.querySelector("[data-choice-name]").textContent = image.name;
      choice.querySelector("[data-choice-words]").textContent = image.words || "(decoratief)";
      return choice;
    }

    function chosen() {
      return list.querySelector("input:checked");
    }

    function show({ images, more }) {
      const before = chosen();
      list.querySelectorAll("label").forEach((label) => label.remove());
      list.append(...images.map(choiceOf));
      list.querySelectorAll("input").forEach((input) => {
        input.checked = Boolean(before) && input.value === before.value;
      });
      list.hidden = images.length === 0;
      found.textContent = told(images, more);
    }

    async function refresh() {
      window.clearTimeout(timer);
      if (running) {
        running.abort();
      }
      const controller = new AbortController();
      running = controller;
      try {
        const { status, content } = await ask(new URLSearchParams({ search: search.value }), controller.signal);
        if (running !== controller) {
          return;
        }
        if (status === 200) {
          accept();
          show(content);
        } else {
          refuse(content);
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          refuse({ error: editor.NO_CONNECTION });
        }
      }
    }

    search.oninput = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(refresh, DELAY);
    };
    search.onkeydown = (event) => {
      // Enter searches; it must not place what happens to be chosen.
      if (event.key === "Enter") {
        event.preventDefault();
        refresh();
      }
    };
    return { refresh, chosen };
  };
})(window.markdownEditor);
