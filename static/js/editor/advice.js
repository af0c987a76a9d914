/* The list of what a reader would stumble over, with a way to each place. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  function counted(content) {
    const total = content.advice.length + content.more;
    const locks = content.advice.filter((one) => one.blocking).length;
    if (total === 0) {
      return "Geen aandachtspunten.";
    }
    const points = total === 1 ? "1 aandachtspunt" : `${total} aandachtspunten`;
    const rest = content.more ? `; dit zijn de eerste ${content.advice.length}` : "";
    return locks ? `${points}${rest}. Met ${locks} daarvan kunt u niet publiceren.` : `${points}${rest}.`;
  }

  /** Select what an item is about; if those words are gone, its line. */
  function goTo(area, item) {
    const lines = area.value.split("\n");
    const from = lines.slice(0, item.line - 1).join("\n").length + (item.line > 1 ? 1 : 0);
    const words = item.excerpt.replace(/…$/, "");
    const at = words ? area.value.indexOf(words, from) : -1;
    const start = at === -1 ? from : at;
    const end = at === -1 ? from + (lines[item.line - 1] || "").length : at + words.length;
    area.focus();
    // Without this the browser does not scroll to a selection.
    area.setSelectionRange(start, start);
    area.blur();
    area.focus();
    area.setSelectionRange(start, end);
  }

  function itemOf(area, item) {
    const line = document.createElement("li");
    line.className = item.blocking ? "editor__item editor__item--blocking" : "editor__item";
    const kind = document.createElement("strong");
    kind.textContent = item.blocking ? "Nodig voor publicatie: " : "Advies: ";
    const where = document.createElement("button");
    where.type = "button";
    where.className = "editor__where";
    where.textContent = `Naar regel ${item.line}`;
    where.addEventListener("click", () => goTo(area, item));
    line.append(kind, item.message, " ");
    if (item.excerpt) {
      const quote = document.createElement("q");
      quote.textContent = item.excerpt;
      line.append(quote, " ");
    }
    line.append(where);
    return line;
  }

  /** Return a function that shows the advice in an answer of the server. */
  editor.startAdvice = function ({ root, area }) {
    const section = root.querySelector("[data-editor-advice]");
    const count = root.querySelector("[data-editor-count]");
    const list = root.querySelector("[data-editor-list]");
    let shown = "";
    return function advise(content) {
      const state = JSON.stringify([content.advice, content.more]);
      section.hidden = false;
      // A list that stays the same keeps the focus that may be in it.
      if (state === shown) {
        return;
      }
      shown = state;
      const text = counted(content);
      // Only a new number is worth interrupting who listens.
      if (count.textContent !== text) {
        count.textContent = text;
      }
      list.replaceChildren(...content.advice.map((item) => itemOf(area, item)));
    };
  };
})(window.markdownEditor);
