/* The preview, with the look of the public pages, and the talk with the server. */
"use strict";

window.markdownEditor = window.markdownEditor || {};

(function (editor) {
  editor.SESSION_ENDED = "session-ended";
  const DELAY = 500; // milliseconds without typing before the preview is asked for
  const sheets = new Map();

  /**
   * Return a style sheet of the public site that holds inside a shadow root alone: the admin keeps
   * its own look, the preview has that of the site.
   */
  function styleSheet(url) {
    if (!sheets.has(url)) {
      sheets.set(
        url,
        fetch(url)
          .then((response) => (response.ok ? response.text() : ""))
          .then((css) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css.replace(/:root\b/g, ":host").replace(/(^|[\s,}])html(?=[\s,{])/g, "$1:host"));
            return sheet;
          }),
      );
    }
    return sheets.get(url);
  }

  /** Make a page inside `container`; return a function that shows HTML from the server in it. */
  editor.startPage = function (container, urls) {
    const root = container.attachShadow({ mode: "open" });
    const page = document.createElement("div");
    page.className = "prose";
    page.lang = "nl";
    root.append(page);
    Promise.all(urls.map(styleSheet)).then((list) => {
      const own = new CSSStyleSheet();
      own.replaceSync(":host { font-size: var(--size-text); overflow-wrap: break-word; padding: 1rem; }");
      root.adoptedStyleSheets = [...list, own];
    });
    return function show(html) {
      page.innerHTML = html;
      // A click must not leave the form that is being written.
      page.querySelectorAll("a").forEach((link) => {
        link.target = "_blank";
        link.rel = "noopener";
      });
    };
  };

  function tokenField(form) {
    return form.querySelector("input[name=csrfmiddlewaretoken]");
  }

  /**
   * Take over the form's token from a fresh copy of this page. Logging in again, in another
   * window, makes the old one worthless; with the new one the form can still be saved.
   */
  async function renewToken(form) {
    const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    // Not parsed: the browser would judge the copy by this page's policy for styles.
    const fresh = (await response.text()).match(/name="csrfmiddlewaretoken" value="(\w+)"/);
    if (!response.ok || response.redirected || !fresh) {
      return false;
    }
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
      input.value = fresh[1];
    });
    return true;
  }

  function send(form, url, data, signal) {
    return fetch(url, {
      method: "POST",
      body: data,
      headers: { "X-CSRFToken": tokenField(form).value, Accept: "application/json" },
      signal,
    });
  }

  function isJson(response) {
    return (response.headers.get("Content-Type") || "").startsWith("application/json");
  }

  /**
   * Post `data` and return `{status, content}`; what the server says in anything but JSON becomes
   * a sentence of ours in `content.error`.
   */
  editor.ask = async function (form, url, data, signal) {
    let response = await send(form, url, data, signal);
    if (response.status === 403 && !isJson(response) && (await renewToken(form))) {
      response = await send(form, url, data, signal);
    }
    if (isJson(response)) {
      return { status: response.status, content: await response.json() };
    }
    const reasons = {
      403: "De site herkent dit formulier niet meer. Uw tekst staat nog in het veld.",
      413: "Dit is te groot om te versturen.",
    };
    const error = reasons[response.status] || `De site geeft een fout (${response.status}). Uw tekst staat nog in het veld.`;
    return { status: response.status, content: { error } };
  };

  /** Add to a complaint how to log in again without leaving this page. */
  editor.offerLogin = function (problem, url) {
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.textContent = "Log in een nieuw venster opnieuw in";
    problem.append(" ", link, " en ga daarna hier verder.");
  };

  /** Keep the preview up to date; `receive` gets the content of each good answer. */
  editor.startPreview = function ({ area, url, level, receive, refuse }) {
    let timer = null;
    let running = null;

    async function refresh() {
      if (running) {
        running.abort();
      }
      const controller = new AbortController();
      running = controller;
      const data = new URLSearchParams({ text: area.value, level });
      try {
        const { status, content } = await editor.ask(area.form, url, data, controller.signal);
        if (running !== controller) {
          return;
        }
        if (status === 200) {
          receive(content);
        } else {
          refuse(content);
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          refuse({ error: "Er is geen verbinding met de site. Uw tekst staat nog in het veld." });
        }
      }
    }

    function plan() {
      window.clearTimeout(timer);
      timer = window.setTimeout(refresh, DELAY);
    }

    area.addEventListener("input", plan);
    // After logging in again in another window, the editor comes back to this one.
    window.addEventListener("focus", plan);
    refresh();
    return refresh;
  };
})(window.markdownEditor);
