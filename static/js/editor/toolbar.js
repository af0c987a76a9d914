/* The toolbar: what its buttons do, and how the keyboard reaches them. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  /** Put `mark` around the selection, or take it away if it is there. */
  function surround(area, mark, placeholder, name) {
    const { value, selectionStart: start, selectionEnd: end } = area;
    const selection = value.slice(start, end);
    const length = mark.length;
    const outside = value.slice(start - length, start) === mark && value.slice(end, end + length) === mark;
    // "**vet**" also ends in "*", but is not italic.
    const other = mark === "*" && value[start - 2] === "*" && value[start - 3] !== "*";
    if (outside && !other && start >= length) {
      editor.replace(area, start - length, end + length, selection, [start - length, end - length]);
      return `${name} weggehaald.`;
    }
    const text = selection.trim() || placeholder;
    const lead = selection.trim() ? selection.match(/^\s*/)[0] : "";
    const tail = selection.trim() ? selection.match(/\s*$/)[0] : selection;
    const from = start + lead.length + length;
    editor.replace(area, start, end, lead + mark + text + mark + tail, [from, from + text.length]);
    return `${name} gemaakt.`;
  }

  /** Return where the lines of the selection start and end, and those lines. */
  function selectedLines(area) {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    // A selection that ends at the start of a line does not mean that line.
    const last = Math.max(area.selectionStart, area.selectionEnd - 1);
    const next = area.value.indexOf("\n", area.selectionEnd > area.selectionStart ? last : area.selectionEnd);
    const end = next === -1 ? area.value.length : next;
    return { start, end, lines: area.value.slice(start, end).split("\n") };
  }

  function replaceLines(area, { start, end }, lines) {
    const before = area.value.slice(0, start);
    const lead = before === "" || before.endsWith("\n\n") ? "" : "\n";
    const text = lines.join("\n");
    editor.replace(area, start, end, lead + text, [start + lead.length, start + lead.length + text.length]);
  }

  function list(area, ordered) {
    const selection = selectedLines(area);
    const bullet = /^(\s*)[-*+]\s+/;
    const number = /^(\s*)\d{1,9}[.)]\s+/;
    const mark = ordered ? number : bullet;
    const filled = selection.lines.filter((line) => line.trim());
    if (filled.length && filled.every((line) => mark.test(line))) {
      const plain = selection.lines.map((line) => line.replace(mark, "$1")).join("\n");
      const end = selection.start + plain.length;
      editor.replace(area, selection.start, selection.end, plain, [selection.start, end]);
      return "Lijst weggehaald.";
    }
    let count = 0;
    const marked = selection.lines.map((line, index) => {
      if (!line.trim() && (filled.length || index)) {
        return line;
      }
      count += 1;
      const text = line.replace(ordered ? bullet : number, "$1");
      const indent = text.match(/^\s*/)[0];
      return `${indent}${ordered ? `${count}.` : "-"} ${text.slice(indent.length)}`;
    });
    replaceLines(area, selection, marked);
    if (!filled.length) {
      area.setSelectionRange(area.selectionEnd, area.selectionEnd);
    }
    return ordered ? "Genummerde lijst gemaakt." : "Lijst gemaakt.";
  }

  /** No heading becomes one of level 2, that one of level 3, 4, and then plain text again. */
  function heading(area) {
    const selection = selectedLines(area);
    const line = selection.lines[0];
    const level = line.match(/^(#{0,6})/)[0].length;
    const text = line.replace(/^#{1,6}\s*/, "");
    if (level >= 4) {
      editor.replace(area, selection.start, selection.start + line.length, text);
      return "Gewone tekst.";
    }
    const next = Math.max(2, level + 1);
    selection.end = selection.start + line.length;
    replaceLines(area, selection, [`${"#".repeat(next)} ${text || "Kop"}`]);
    area.setSelectionRange(area.selectionEnd - (text || "Kop").length, area.selectionEnd);
    return `Kop van niveau ${next}.`;
  }

  function link(area) {
    const { selectionStart: start, selectionEnd: end } = area;
    const selection = area.value.slice(start, end).trim();
    if (/^(https?:\/\/|mailto:|tel:|\/)\S+$/.test(selection)) {
      const label = "tekst van de link";
      editor.replace(area, start, end, `[${label}](${selection})`, [start + 1, start + 1 + label.length]);
      return "Link gemaakt; typ de tekst van de link.";
    }
    const label = selection || "tekst van de link";
    const address = "https://";
    const from = start + label.length + 3;
    editor.replace(area, start, end, `[${label}](${address})`, [from, from + address.length]);
    return "Link gemaakt; typ het adres.";
  }

  /** Place a table after the selection, whose words stay. */
  function table(area) {
    const { value, selectionEnd: end } = area;
    const line = value.slice(value.slice(0, end).lastIndexOf("\n") + 1);
    if (/^[ \t]*\|/.test(line)) {
      return "De cursor staat in een tabel.";
    }
    area.setSelectionRange(end, end);
    const rows = ["| Kop 1 | Kop 2 |", "| --- | --- |", "| tekst | tekst |", "| tekst | tekst |"];
    const start = editor.insertBlock(area, rows.join("\n"));
    area.setSelectionRange(start + 2, start + 7);
    return "Tabel geplaatst; typ de eerste kop.";
  }

  editor.actions = {
    heading,
    bold: (area) => surround(area, "**", "vette tekst", "Vet"),
    italic: (area) => surround(area, "*", "cursieve tekst", "Cursief"),
    list: (area) => list(area, false),
    numbers: (area) => list(area, true),
    link,
    table,
  };

  const plainKeys = { KeyB: "bold", KeyI: "italic", KeyK: "link" };
  const shiftKeys = { Digit9: "heading", Digit8: "list", Digit7: "numbers" };

  /** Return the name of the action that a key press asks for, or undefined. */
  function actionOf(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) {
      return undefined;
    }
    return (event.shiftKey ? shiftKeys : plainKeys)[event.code];
  }

  /**
   * Make the buttons of `toolbar` act on `area`; `say` tells what was done. `more` holds actions
   * beside those that only change the text.
   */
  editor.startToolbar = function (toolbar, area, say, more) {
    const actions = { ...editor.actions, ...more };
    const buttons = [...toolbar.querySelectorAll("button")];

    function run(name) {
      const said = actions[name](area);
      if (said) {
        say(said);
      }
    }

    // One stop for Tab; the arrows move inside (the toolbar pattern of the ARIA practices).
    function moveTo(button) {
      buttons.forEach((other) => {
        other.tabIndex = other === button ? 0 : -1;
      });
    }

    moveTo(buttons[0]);
    buttons.forEach((button, index) => {
      button.addEventListener("click", () => {
        moveTo(button);
        run(button.dataset.action);
      });
      button.addEventListener("focus", () => moveTo(button));
      button.addEventListener("keydown", (event) => {
        const last = buttons.length - 1;
        const steps = {
          ArrowRight: index === last ? 0 : index + 1,
          ArrowLeft: index === 0 ? last : index - 1,
          Home: 0,
          End: last,
        };
        if (event.key in steps) {
          event.preventDefault();
          buttons[steps[event.key]].focus();
        } else if (event.key === "Escape") {
          event.preventDefault();
          area.focus();
        }
      });
    });
    area.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "F10") {
        event.preventDefault();
        buttons.find((button) => button.tabIndex === 0).focus();
        return;
      }
      const name = actionOf(event);
      if (name) {
        event.preventDefault();
        run(name);
      }
    });
  };
})(window.markdownEditor);
