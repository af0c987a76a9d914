/* Changes to the text of a textarea that the browser's own undo can take back. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

/** Replace what lies from `start` to `end` by `text`, and select `selected` ([start, end]). */
markdownEditor.replace = function (area, start, end, text, selected) {
  area.focus();
  area.setSelectionRange(start, end);
  // Only execCommand is remembered by undo; a browser without it still gets the text.
  const command = text === "" ? "delete" : "insertText";
  const nothing = text === "" && start === end;
  if (!nothing && !document.execCommand(command, false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (selected) {
    area.setSelectionRange(selected[0], selected[1]);
  }
};

/** Put `block` in place of the selection, with an empty line before and after it; return where it starts. */
markdownEditor.insertBlock = function (area, block) {
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const start = area.selectionStart;
  markdownEditor.replace(area, start, area.selectionEnd, lead + block + tail);
  return start + lead.length;
};
