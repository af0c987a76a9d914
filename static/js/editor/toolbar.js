/* The toolbar: what its buttons do, and how the keyboard reaches them. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  // What stands before the words of a line and makes it an item, a heading or a quotation.
  const LINE_START = /^(?:\s*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})\s+|>))*/;
  // A sign that is escaped and a star between spaces are no marks; they are found to be passed over.
  const STARS = /\\[^]|\s\*+(?=\s)|\*+/g;

  /**
   * Return the words that are selected as [[from, to], …]: a piece for each line and each cell,
   * because neither a mark nor a link can reach from one to the next.
   */
  function selectedWords({ value, selectionStart, selectionEnd }) {
    const words = [];
    let at = value.slice(0, selectionStart).lastIndexOf("\n") + 1;
    value.slice(at, selectionEnd).split("\n").forEach((line) => {
      // Of the same length as the line, since only the places count.
      const text = line.replace(LINE_START, (start) => " ".repeat(start.length)).replace(/\\./g, "xx");
      const parts = /^\s*\|/.test(text) ? text.split("|") : [text];
      parts.forEach((part) => {
        const piece = part.slice(Math.max(0, selectionStart - at));
        const end = at + part.length;
        // No words: an empty line, one that is drawn, the line below the heading of a table.
        if (/[^-=:|\s]/.test(piece)) {
          words.push([end - piece.trimStart().length, end - piece.length + piece.trimEnd().length]);
        }
        at = end + 1;
      });
    });
    return words;
  }

  /** Whether `line` begins a block: an item, a quotation, or a row of a table. */
  function beginsBlock(line) {
    return line.match(LINE_START)[0] !== "" || /^\s*\|/.test(line);
  }

  /** Return what stands before `at` in its paragraph or item, beyond which no mark reaches. */
  function blockBefore(value, at) {
    const lines = value.slice(0, at).split("\n");
    let first = lines.length - 1;
    while (first && !beginsBlock(lines[first]) && lines[first - 1].trim() && !/^\s*[#|]/.test(lines[first - 1])) {
      first -= 1;
    }
    return lines.slice(first).join("\n");
  }

  /** Return what stands after `at` in its paragraph or item. */
  function blockAfter(value, at) {
    const lines = value.slice(at).split("\n");
    const line = value.slice(value.lastIndexOf("\n", at - 1) + 1, at);
    const last = /^\s*[#|]/.test(line) ? 0 : lines.slice(1).findIndex((one) => !one.trim() || beginsBlock(one));
    return lines.slice(0, last < 0 ? undefined : last + 1).join("\n");
  }

  /**
   * Return how `mark` stands on the words from `from` to `to`: {from, to, plain, on, off, marked}.
   *
   * `plain` is what lies between, without marks. What goes before and after that is `on` to mark
   * all of it and `off` to mark none; `marked` tells whether all of it is.
   */
  function marking(value, from, to, mark) {
    // "**vet**" also ends in "*", but is not italic; "***beide***" is.
    const isMark = (stars) => stars === mark || stars === "***";
    const isOdd = (text) => (text.match(STARS) || []).filter(isMark).length % 2 === 1;
    // One that is alone is a sign of the text.
    const without = (text) =>
      isOdd(text) ? text : text.replace(STARS, (stars) => (isMark(stars) ? stars.slice(mark.length) : stars));
    const [lead] = value.slice(from, to).match(/^\**/);
    const start = from + lead.length;
    const [, inner] = value.slice(start, to).match(/^((?:\\[^]|[^])*?)\**$/);
    const end = start + inner.length;
    const [before] = value.slice(0, start).match(/\\?\*+$/) || [""];
    const [after] = value.slice(end).match(/^\**/);
    const opens = isMark(before) ? mark.length : 0;
    const closes = isMark(after) ? mark.length : 0;
    const outer = { from: start - opens, to: end + closes };
    const both = { on: [mark, mark], off: ["", ""] };
    const plain = without(inner);
    if (opens && opens === closes) {
      return { ...outer, ...both, plain, marked: plain === inner };
    }
    if (isOdd(inner)) {
      // The one that belongs to it is among the words, of which a part is marked.
      return { ...outer, ...both, plain: without(value.slice(outer.from, outer.to)), marked: false };
    }
    const isWithin = isOdd(`\n${blockBefore(value, start)}`);
    if (isWithin !== isOdd(`${blockAfter(value, end)}\n`)) {
      return { from: start, to: end, ...both, plain, marked: false };
    }
    if (isWithin) {
      // Around a part of what is marked there are to be a mark that ends it and one that begins it
      // anew: each next to a word, since beside a sign, a space or a line end it would be no mark.
      // Where no word is left on a side, the mark on that side goes.
      const [gap] = opens ? [""] : value.slice(0, start).match(/[^\p{L}\p{N}*]*$/u);
      const [endGap] = closes ? [""] : value.slice(end).match(/^[^\p{L}\p{N}*]*/u);
      const [stars] = value.slice(0, start - gap.length).match(/\\?\*+$/) || [""];
      const [endStars] = value.slice(end + endGap.length).match(/^\**/);
      const goes = isMark(stars);
      const endGoes = isMark(endStars);
      const outside = start - gap.length - (goes ? mark.length : 0);
      const endOutside = end + endGap.length + (endGoes ? mark.length : 0);
      return {
        from: outside,
        to: endOutside,
        plain,
        on: [value.slice(outside, start), value.slice(end, endOutside)],
        off: [(goes ? "" : mark) + gap, endGap + (endGoes ? "" : mark)],
        marked: inner !== "" && plain === inner,
      };
    }
    if (opens === closes) {
      return { ...outer, ...both, plain, marked: false };
    }
    // The words stand against what is marked: its mark moves to their other side.
    return { ...outer, plain, on: opens ? ["", mark] : [mark, ""], off: both.off, marked: false };
  }

  /** Put `mark` around the words of the selection, or take it away if it is around all of them. */
  function surround(area, mark, placeholder, name) {
    const { value, selectionEnd } = area;
    const words = selectedWords(area);
    const none = [[selectionEnd, selectionEnd]];
    const pieces = (words.length ? words : none).map(([from, to]) => marking(value, from, to, mark));
    const isOff = pieces.every((piece) => piece.marked);
    const start = pieces[0].from;
    let end = start;
    let text = "";
    pieces.forEach(({ from, to, plain, on, off }) => {
      const [lead, tail] = isOff ? off : on;
      text += value.slice(end, from) + lead + (isOff ? plain : plain || placeholder) + tail;
      end = to;
    });
    const [lead, tail] = pieces.length > 1 ? ["", ""] : pieces[0][isOff ? "off" : "on"];
    editor.replace(area, start, end, text, [start + lead.length, start + text.length - tail.length]);
    return isOff ? `${name} weggehaald.` : `${name} gemaakt.`;
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

  const LABEL = "tekst van de link";
  const ADDRESS = "https://";

  /** Whether `words`, pieces of `value`, are of one paragraph: a link can't reach beyond that. */
  function areTogether(value, words) {
    const before = value.slice(0, words[0][0]).match(/.*$/)[0];
    const isHeading = before.match(LINE_START)[0].includes("#");
    return words.slice(1).every(([from], index) => {
      const between = value.slice(words[index][1], from);
      return !isHeading && /^[ \t]*\n[ \t]*$/.test(between);
    });
  }

  /** Make a link of the selection: of an address, or of words, which become one line. */
  function link(area) {
    const { value, selectionStart, selectionEnd } = area;
    const selection = value.slice(selectionStart, selectionEnd);
    if (selection === LABEL || selection === ADDRESS) {
      return "Dit is al een link; typ over wat er geselecteerd is.";
    }
    const words = selectedWords(area);
    if (words.length && !areTogether(value, words)) {
      return "Kies woorden in één regel of één cel.";
    }
    const [start] = words[0] || [selectionEnd];
    const [, end] = words[words.length - 1] || [null, selectionEnd];
    const text = words.map(([from, to]) => value.slice(from, to)).join(" ");
    if (/^(https?:\/\/|mailto:|tel:|\/)\S+$/.test(text)) {
      editor.replace(area, start, end, `[${LABEL}](${text})`, [start + 1, start + 1 + LABEL.length]);
      return "Link gemaakt; typ de tekst van de link.";
    }
    const label = text || LABEL;
    const from = start + label.length + 3;
    editor.replace(area, start, end, `[${label}](${ADDRESS})`, [from, from + ADDRESS.length]);
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
