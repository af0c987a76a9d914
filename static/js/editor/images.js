/* Placing an image: chosen with the button, dropped in the text or pasted there. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  editor.NO_CONNECTION = "Er is geen verbinding met de site. Probeer het nog eens.";
  let dialog = null;
  let asked = 0; // how often the dialog was opened

  /** Return the dialog, one for the whole page, outside the form that is being written. */
  function theDialog(root) {
    if (!dialog) {
      const template = root.querySelector("template[data-editor-dialog]");
      dialog = template.content.firstElementChild.cloneNode(true);
      document.body.append(dialog);
      dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    }
    return dialog;
  }

  function field(name) {
    return dialog.querySelector(`[data-name=${name}]`);
  }

  function showErrors(errors) {
    let first = null;
    dialog.querySelectorAll("[data-error]").forEach((place) => {
      const said = errors[place.dataset.error] || [];
      place.textContent = said.join(" ");
      const input = field(place.dataset.error);
      if (said.length) {
        input.setAttribute("aria-invalid", "true");
        first = first || input;
      } else {
        input.removeAttribute("aria-invalid");
      }
    });
    // What belongs to no field of the dialog is told all the same.
    const rest = Object.keys(errors).filter((name) => !dialog.querySelector(`[data-error=${name}]`));
    dialog.querySelector("[data-problem]").textContent = rest.flatMap((name) => errors[name]).join(" ");
    if (first) {
      first.focus();
    }
  }

  function showComplaint(content, loginUrl) {
    showErrors(content.errors || { all: [content.error] });
    if (content.code === editor.SESSION_ENDED) {
      editor.offerLogin(dialog.querySelector("[data-problem]"), loginUrl);
    }
  }

  /** Show the picture in `file`, to describe it by; nothing if it holds none. */
  function showThumbnail(file) {
    const thumbnail = dialog.querySelector("[data-thumbnail]");
    thumbnail.hidden = true;
    thumbnail.onload = () => {
      thumbnail.hidden = false;
    };
    if (file) {
      const reader = new FileReader();
      reader.onload = () => {
        thumbnail.src = reader.result;
      };
      reader.readAsDataURL(file);
    }
  }

  /** Tell what the dialog is busy with, or "" if nothing; the button keeps the focus meanwhile. */
  function busy(text) {
    dialog.querySelector("[data-busy]").textContent = text;
    dialog.querySelector("[type=submit]").setAttribute("aria-disabled", text !== "");
  }

  function isBusy() {
    return dialog.querySelector("[type=submit]").getAttribute("aria-disabled") === "true";
  }

  function sizeRefusal(file, limit) {
    if (file.size <= limit) {
      return null;
    }
    const inMegabytes = (size) => (size / 1e6).toLocaleString("nl-NL", { maximumFractionDigits: 1 });
    return `Dit bestand is te groot: ${inMegabytes(file.size)} MB. Een afbeelding mag hoogstens ${inMegabytes(limit)} MB zijn.`;
  }

  function showSource(source) {
    dialog.querySelectorAll("[data-source]").forEach((part) => {
      part.hidden = part.dataset.source !== source;
    });
  }

  /** Return a function that asks for an image, or for the words of the file that it gets. */
  editor.startImages = function ({ root, area, say }) {
    const limit = Number(root.dataset.maxBytes);

    function ask(file) {
      theDialog(root);
      const form = dialog.querySelector("form");
      const place = area.selectionEnd; // the words that are selected stay
      let chosen = file || null;
      let described = "";
      asked += 1;
      const mine = asked;
      form.reset();
      showErrors({});
      busy("");
      showSource("new");
      showChosen();
      const library = editor.startLibrary({
        dialog,
        template: root.querySelector("template[data-editor-choice]"),
        ask: (data, signal) => editor.ask(area.form, root.dataset.choiceUrl, data, signal),
        accept: () => showErrors({}),
        refuse: (content) => showComplaint(content, root.dataset.loginUrl),
      });

      function showChosen() {
        dialog.querySelector("[data-chosen]").textContent = chosen ? `Gekozen: ${chosen.name}` : "";
        const refusal = chosen && sizeRefusal(chosen, limit);
        showErrors(refusal ? { file: [refusal] } : {});
        showThumbnail(refusal ? null : chosen);
      }

      field("file").onchange = () => {
        chosen = field("file").files[0] || null;
        showChosen();
      };
      form.querySelectorAll("[name=source]").forEach((input) => {
        input.onchange = () => {
          showErrors({});
          showSource(input.value);
          if (input.value === "kept") {
            library.refresh();
          }
        };
      });
      field("alternative_text").oninput = () => {
        field("decorative").checked = false;
      };
      field("decorative").onchange = () => {
        // Ticked by mistake, it must not have cost the words.
        const words = field("alternative_text");
        described = words.value || described;
        words.value = field("decorative").checked ? "" : described;
      };

      function insert(markdown, message) {
        dialog.close();
        area.setSelectionRange(place, place);
        editor.insertBlock(area, markdown);
        say(message);
      }

      form.onsubmit = async (event) => {
        event.preventDefault();
        if (isBusy()) {
          return;
        }
        if (form.elements.source.value === "kept") {
          const kept = library.chosen();
          if (kept) {
            insert(kept.value, `Afbeelding “${kept.dataset.image}” geplaatst.`);
          } else {
            showErrors({ search: ["Kies een afbeelding uit de lijst."] });
          }
          return;
        }
        const refusal = chosen && sizeRefusal(chosen, limit);
        if (!chosen || refusal) {
          showErrors({ file: [refusal || "Kies een bestand."] });
          return;
        }
        const data = new FormData();
        data.append("file", chosen, chosen.name || "afbeelding");
        data.append("alternative_text", field("alternative_text").value);
        data.append("credit", field("credit").value);
        if (field("decorative").checked) {
          data.append("decorative", "on");
        }
        busy("Bezig met versturen…");
        let answer;
        try {
          answer = await editor.ask(area.form, root.dataset.uploadUrl, data);
        } catch {
          answer = { status: 0, content: { error: editor.NO_CONNECTION } };
        }
        if (mine !== asked || !dialog.open) {
          if (answer.status === 201) {
            say("De afbeelding is bewaard, maar niet in de tekst gezet. U vindt haar bij “Eerder geplaatst”.");
          }
          return;
        }
        busy("");
        if (answer.status !== 201) {
          showComplaint(answer.content, root.dataset.loginUrl);
          return;
        }
        insert(answer.content.markdown, answer.content.message);
      };
      dialog.onclose = () => area.focus();
      dialog.showModal();
      field(chosen ? "alternative_text" : "file").focus();
    }

    function holdsFile(event) {
      return event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    }

    area.addEventListener("dragover", (event) => {
      if (holdsFile(event)) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        area.classList.add("editor__text--target");
      }
    });
    area.addEventListener("dragleave", () => area.classList.remove("editor__text--target"));
    area.addEventListener("drop", (event) => {
      area.classList.remove("editor__text--target");
      if (!holdsFile(event)) {
        return;
      }
      // Without this the browser leaves the form to show the file.
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      if (files.length > 1) {
        say("Plaats één afbeelding tegelijk; dit is de eerste.");
      }
      ask(files[0]);
    });
    return ask;
  };
})(window.markdownEditor);
