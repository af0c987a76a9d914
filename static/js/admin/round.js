// Saves one row of the round without leaving the page. Without this script each row is a plain
// form that does the same. Ctrl+Enter (Cmd+Enter) saves the row that one is in. What is typed is
// kept on the server meanwhile, so that a browser that closes loses nothing.

const NEED_ACCOUNT = ["vertraagd", "loopt-vast"];
const FAILED = "Niet opgeslagen: er is geen verbinding, of er ging iets mis. Uw tekst staat er nog. Probeer het opnieuw.";
const KEPT = "Uw tekst is tussendoor bewaard; nog niet opgeslagen.";
const TOO_LONG = "Deze tekst is te lang om tussendoor te bewaren: sla hem zelf op.";
const NOT_KEPT = "Tussendoor bewaren lukt nu niet. Uw tekst staat nog op dit scherm.";
const SAVING = "Uw tekst wordt opgeslagen.";
const AFTER_TYPING = 2500;
const PATIENCE = 3000; // that a save has with what is on its way to be kept
const READ_OUT_AFTER = 100; // by then a screen reader knows the line
const TRY_AGAIN_AFTER = 20000;
const LOGGED_OUT = "Niet opgeslagen: u bent niet meer ingelogd. Uw tekst staat nog op dit scherm. ";
const LOG_IN = "Log in een nieuw tabblad in en sla het hier opnieuw op.";
const REFUSED = "Niet opgeslagen: het account waarmee u nu bent ingelogd, mag deze actie niet bijwerken. Uw tekst staat er nog. Log in een ander tabblad in met uw eigen account, of vraag het de eindredactie.";

const timers = new Map(); // of rows in which something was typed that is not kept yet
const onItsWay = new Map(); // what of a row, by its id, is on its way to be kept
let asking = 0; // how many answers with an overview are still to come
let overlapped = false; // whether some were asked for while another was to come

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
    noteTyping(row);
  }
});

document.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) {
    noteTyping(row);
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    [...timers.keys()].forEach((row) => keep(row, { keepalive: true }));
  }
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("[data-row][data-changed]")) {
    event.preventDefault();
  }
});

function noteTyping(row) {
  row.dataset.changed = "";
  if (row.dataset.typedUrl) {
    clearTimeout(timers.get(row));
    timers.set(row, setTimeout(keep, AFTER_TYPING, row));
  }
}

function keep(row, options) {
  // Or it would arrive after the save; only who leaves the page can't wait for that.
  if (isSaving(row) && !options) {
    return;
  }
  clearTimeout(timers.get(row));
  timers.delete(row);
  const sending = sendTyped(row, row.querySelector(".round-row__form"), options);
  const all = onItsWay.get(row.id) ?? new Set();
  onItsWay.set(row.id, all.add(sending));
  sending.then(() => all.delete(sending));
}

// Waits for what is on its way to be kept, or that would be offered as text that was not saved.
async function settle(row) {
  const all = onItsWay.get(row.id) ?? new Set();
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([Promise.all(all), patience]);
  all.clear();
}

function isSaving(row) {
  return "saving" in row.dataset;
}

async function sendTyped(row, form, options) {
  const line = row.querySelector("[data-kept]");
  try {
    const answer = await postWithToken(row.dataset.typedUrl, new FormData(form), form, options);
    if (!answer.ok) {
      throw answer;
    }
    const { kept } = await answer.json();
    if (!isSaving(row)) {
      say(line, kept ? KEPT : TOO_LONG);
    }
  } catch (problem) {
    if (isSaving(row)) {
      return; // what that leads to is told, and what it leaves is kept
    }
    if (problem.type === "opaqueredirect") {
      say(line, LOGGED_OUT, linkToLogin());
    } else {
      say(line, problem.status === 403 ? REFUSED : NOT_KEPT);
      timers.set(row, setTimeout(keep, TRY_AGAIN_AFTER, row));
    }
  }
}

async function save(row, form, button) {
  if (isSaving(row)) {
    return;
  }
  row.dataset.saving = "";
  clearTimeout(timers.get(row));
  timers.delete(row);
  if (form.matches(".round-row__form")) {
    say(row.querySelector("[data-kept]"), SAVING);
  }
  await settle(row);
  const data = new FormData(form);
  if (button?.name) {
    data.set(button.name, button.value);
  }
  overlapped ||= asking > 0;
  asking += 1;
  try {
    const answer = await postWithToken(form.action, data, form);
    const text = await answer.text();
    if (![200, 409, 422].includes(answer.status) || !text.includes("data-row")) {
      throw answer;
    }
    replace(row, text, { saved: answer.ok, later: typedSince(form, data) });
  } catch (problem) {
    delete row.dataset.saving;
    if (problem.type === "opaqueredirect") {
      tell(row, LOGGED_OUT, linkToLogin());
    } else {
      tell(row, problem.status === 403 ? REFUSED : FAILED);
      noteTyping(row);
    }
  }
  asking -= 1;
  await catchUp();
}

// Renews the overview once all answers are there, if any overlapped: the last to come need not be
// of what the server saved last.
async function catchUp() {
  while (overlapped && asking === 0) {
    overlapped = false;
    asking += 1;
    try {
      const page = await currentPage();
      if (!overlapped) {
        renewOverview(page);
      }
    } catch {
      // It stays as it is until the next save, which tells what is wrong.
    }
    asking -= 1;
  }
}

async function postWithToken(address, data, form, options) {
  const answer = await post(address, data, options);
  // Who logged in again in another tab has an old token in this page.
  if (answer.status === 403 && (await renewTokens())) {
    data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    return post(address, data, options);
  }
  return answer;
}

function post(address, data, options) {
  return fetch(address, {
    ...options,
    method: "POST",
    body: data,
    headers: { "X-Row-Only": "1" },
    redirect: "manual",
  });
}

// Returns the page as it now is. Throws the answer if that leads to the login page.
async function currentPage() {
  const answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
  if (!answer.ok) {
    throw answer;
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Takes the token against forged requests from the page as it now is.
async function renewTokens() {
  const page = await currentPage();
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
  for (const old of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    old.value = fresh ? fresh.value : old.value;
  }
  return fresh !== null;
}

function linkToLogin() {
  const link = document.createElement("a");
  link.href = document.querySelector("[data-login-url]").dataset.loginUrl;
  link.target = "_blank";
  link.textContent = LOG_IN;
  return link;
}

// The fields that say something else than what was sent: who goes on typing while a row is saved.
function typedSince(form, sent) {
  return [...form.elements].filter((field) => {
    if (!field.name || ["hidden", "submit"].includes(field.type)) {
      return false;
    }
    const counts = field.type !== "radio" || field.checked;
    return counts && field.value !== sent.get(field.name);
  });
}

function replace(row, html, { saved, later }) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const fresh = document.adoptNode(answer.querySelector("[data-row]"));
  const typingIn = later.find((field) => field === document.activeElement);
  const focusIsFree = isFocusFree(row);
  clearTimeout(timers.get(row));
  timers.delete(row);
  row.replaceWith(fresh);
  renewOverview(answer);
  for (const field of later) {
    const same = likeIn(fresh, field);
    if (field.type === "radio") {
      same.checked = true;
    } else {
      same.value = field.value;
    }
  }
  if (!saved || later.length) {
    noteTyping(fresh);
  }
  const state = fresh.querySelector("[data-state]");
  if (typingIn) {
    likeIn(fresh, typingIn).focus();
  } else if (focusIsFree) {
    state.focus();
  } else {
    // A screen reader reads out what comes into a line, not what a line comes with.
    setTimeout(() => state.replaceChildren(...state.childNodes), READ_OUT_AFTER);
  }
}

// Whether the focus is in the row or nowhere; who went on elsewhere is not called back.
function isFocusFree(row) {
  return document.activeElement === document.body || row.contains(document.activeElement);
}

// Has what stands above the rows say how the round is now, as `answer` has it; the focus stays
// where it is.
function renewOverview(answer) {
  for (const fresh of answer.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (!old) {
      continue; // among all actions there is no count of one's own
    }
    const { activeElement } = document;
    const hadFocus = old.contains(activeElement);
    old.replaceChildren(...fresh.childNodes);
    if (hadFocus) {
      const same = [...old.querySelectorAll("a, button")].find(
        (one) => one.textContent === activeElement.textContent,
      );
      (same ?? old.closest("[tabindex]")).focus({ preventScroll: true });
    }
  }
}

function likeIn(row, field) {
  return [...row.querySelector("form.round-row__form").elements].find(
    (one) => one.name === field.name && (one.type !== "radio" || one.value === field.value),
  );
}

function tell(row, ...words) {
  const state = row.querySelector("[data-state]");
  const focusIsFree = isFocusFree(row);
  state.replaceChildren(...words);
  say(row.querySelector("[data-kept]"), "");
  if (focusIsFree) {
    state.focus();
  }
}

// Leaves a line alone that says this already: a screen reader reads out each change.
function say(line, words, ...more) {
  if (line.dataset.said !== words) {
    line.dataset.said = words;
    line.replaceChildren(words, ...more);
  }
}
