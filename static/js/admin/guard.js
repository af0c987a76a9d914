"use strict";

/* While a form of content is open: keep what is typed on the server, say who else has it open, warn
   who leaves without saving, let a second press of a button do nothing. Without this script the form
   still saves. */

(function () {
  const guard = document.querySelector(".guard");
  if (!guard) {
    return;
  }
  const form = guard.closest("form");
  const line = guard.querySelector(".guard__line");
  const PRESENT_EVERY = 20000;
  const AFTER_TYPING = 2500;
  const PATIENCE = 3000; // that a save has with what is on its way to be kept
  const LONGEST_KEEPALIVE = 60000; // bytes; of more than 64 KB browsers refuse to send anything
  const LONGEST_SAVE = 15000; // after which it may have been stopped: no event tells of that
  // What is on a page that came back because it was refused, is not saved; the server keeps it.
  let touched = "refused" in guard.dataset;
  let changed = false; // since the server last kept it
  let leaving = false;
  let timer = null;
  let said = line.textContent.trim();
  let state = null; // of the fields, as they were last looked at; null until the page is ready
  const onItsWay = new Set();

  function fields() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken") {
        data.append(name, value);
      }
    }
    return data;
  }

  // Leaves the line alone if it says this already: a screen reader reads out each change, and a
  // link in it may have the focus.
  function say(text, ...more) {
    if (said !== text) {
      said = text;
      line.replaceChildren(text, ...more);
    }
  }

  async function freshToken() {
    const answer = await fetch(guard.dataset.typedUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      return false;
    }
    const token = (await answer.json()).token;
    form.querySelector("[name=csrfmiddlewaretoken]").value = token;
    return true;
  }

  // Who asks for `keepalive` has it arrive after the page is left as well, unless it is too long.
  function post(body, { keepalive = false } = {}) {
    return fetch(guard.dataset.typedUrl, {
      keepalive: keepalive && body.toString().length < LONGEST_KEEPALIVE,
      method: "POST",
      body,
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
    });
  }

  // Some scripts fill in a field and no event tells of it: the links beside a date do.
  function look() {
    const now = fields().toString();
    if (state !== null && state !== now) {
      touched = true;
      changed = true;
      state = now;
    }
  }

  function tell(options) {
    if (!leaving) {
      look();
      const sending = keep(options);
      onItsWay.add(sending);
      sending.then(() => onItsWay.delete(sending));
    }
  }

  async function keep(options) {
    const typed = changed;
    const body = typed ? fields() : new URLSearchParams();
    if (typed) {
      body.append("_getypt", "1");
    }
    changed = false;
    try {
      let answer = await post(body, options);
      // Who logged in again in another tab has an old token in this form.
      if (answer.status === 403 && (await freshToken())) {
        answer = await post(body, options);
      }
      if (!answer.ok) {
        throw answer;
      }
      const told = await answer.json();
      if (leaving) {
        return;
      }
      const parts = told.others.map((one) => one + ".");
      if (!told.kept) {
        parts.push("Deze tekst is te lang om tussendoor te bewaren: sla hem zelf op.");
      } else if (typed) {
        parts.push("Uw tekst is tussendoor bewaard; nog niet opgeslagen.");
      }
      say(parts.join(" "));
    } catch (problem) {
      changed = changed || typed;
      if (leaving) {
        return;
      }
      if (problem && problem.status === 410) {
        say("Dit bestaat niet meer, of u mag het niet meer wijzigen. Kopieer wat u wilt bewaren.");
      } else if (problem && problem.status === 403) {
        const link = document.createElement("a");
        link.href = guard.dataset.loginUrl;
        link.target = "_blank";
        link.textContent = "Log in een nieuw tabblad in en ga hier verder.";
        say("U bent niet meer ingelogd. Uw tekst staat nog op dit scherm. ", link);
      } else if (typed) {
        say("Tussendoor bewaren lukt nu niet. Uw tekst staat nog op dit scherm.");
      }
    }
  }

  function noteTyping() {
    touched = true;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(tell, AFTER_TYPING);
  }

  form.addEventListener("input", noteTyping);
  form.addEventListener("change", noteTyping);

  form.addEventListener("submit", function (event) {
    if (event.defaultPrevented) {
      return;
    }
    if (leaving) {
      event.preventDefault();
      return;
    }
    leaving = true;
    setTimeout(() => (leaving = false), LONGEST_SAVE);
    clearTimeout(timer);
    if (onItsWay.size) {
      // It would arrive after the save, and then be offered as text that was not saved.
      event.preventDefault();
      say("Uw tekst wordt opgeslagen.");
      const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
      Promise.race([Promise.all(onItsWay), patience]).then(() => {
        onItsWay.clear();
        leaving = false;
        form.requestSubmit(event.submitter);
      });
    }
  });

  // Back in the browser's history shows this page as it was left.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      leaving = false;
    }
  });

  window.addEventListener("beforeunload", function (event) {
    look();
    if (touched && !leaving) {
      event.preventDefault();
    }
  });

  document.addEventListener("visibilitychange", function () {
    look();
    if (document.visibilityState === "hidden" && touched && changed) {
      tell({ keepalive: true });
    }
  });

  // What scripts do to fields until the page is there, nobody typed.
  window.addEventListener("load", function () {
    setTimeout(() => (state = fields().toString()));
  });

  tell();
  setInterval(tell, PRESENT_EVERY);
})();
