"use strict";

/* What is made with the link beside boxes to tick comes among them, ticked. Django's own script
   does that for a list to choose from, and leaves boxes as they are. */

(function () {
  const dismiss = window.dismissAddRelatedObjectPopup;

  // Ticks it in `list`, the element around the boxes, and goes there: that reads out its name.
  function addTicked(list, value, name) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = list.id.replace(/^id_/, "");
    box.value = value;
    box.id = `${list.id}_made_${value}`;
    box.checked = true;
    const label = document.createElement("label");
    label.htmlFor = box.id;
    label.append(box, ` ${name}`);
    const row = document.createElement("div");
    row.append(label);
    list.append(row);
    box.focus();
    box.dispatchEvent(new Event("change", { bubbles: true })); // it counts as typed
  }

  window.dismissAddRelatedObjectPopup = function (popup, value, name) {
    // The name of a popup is the id of its field, and how deep it lies in others.
    const field = document.getElementById(popup.name.replace(/__\d+$/, ""));
    if (field?.matches("div")) {
      addTicked(field, value, name);
    }
    dismiss(popup, value, name);
  };
})();
