// Saves one row of the round without leaving the page. Without this script each row is a plain
// form that does the same. Ctrl+Enter (Cmd+Enter) saves the row that one is in.

const NEED_ACCOUNT = ["vertraagd", "loopt-vast"];
const FAILED = "Niet opgeslagen: er is geen verbinding, of u bent uitgelogd. Uw tekst staat er nog. Probeer het opnieuw.";

document.addEventListener("submit", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) {
    return;
  }
  event.preventDefault();
  save(row, event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest("[data-row] form");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=opslaan]"));
  }
});

document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && event.target.type === "radio" && NEED_ACCOUNT.includes(event.target.value)) {
    row.querySelector("[data-account]").open = true;
  }
  if (row) {
    row.dataset.changed = "";
  }
});

document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) {
    row.dataset.changed = "";
  }
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-row][data-changed]")) {
    event.preventDefault();
  }
});

async function save(row, form, button) {
  if (row.dataset.saving !== undefined) {
    return;
  }
  row.dataset.saving = "";
  const data = new FormData(form);
  if (button?.name) {
    data.set(button.name, button.value);
  }
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: { "X-Row-Only": "1" },
      redirect: "error",
    });
    const text = await answer.text();
    if (![200, 409, 422].includes(answer.status) || !text.includes("data-row")) {
      throw new Error(String(answer.status));
    }
    replace(row, text, answer.ok);
  } catch {
    delete row.dataset.saving;
    tell(row, FAILED);
  }
}

function replace(row, html, saved) {
  const parsed = new DOMParser().parseFromString(html, "text/html").querySelector("[data-row]");
  const fresh = document.adoptNode(parsed);
  row.replaceWith(fresh);
  if (!saved) {
    fresh.dataset.changed = "";
  }
  fresh.querySelector("[data-state]").focus();
}

function tell(row, words) {
  const state = row.querySelector("[data-state]");
  state.textContent = words;
  state.focus();
}
