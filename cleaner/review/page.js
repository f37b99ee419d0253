"use strict";
// Scraped text is hostile: it is only ever set as textContent, never parsed.

const token = location.hash.slice(1);
const at = (id) => document.getElementById(id);
const keys = new Map();
let open = null; // hash of the paragraph that is asked
let busy = false;

async function call(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "omit",
  });
  const told = response.headers.get("Content-Type") === "application/json";
  return told ? response.json() : { error: await response.text() }; // refused, or a fault of ours
}

async function act(path, body) {
  if (busy) return; // one answer a paragraph, however long a key is held
  busy = true;
  try {
    show(await call(path, body));
  } catch {
    complain("cleaner review has ended. What you answered is saved: start it again to go on.");
  } finally {
    busy = false;
  }
}

function give(label) {
  if (open === null) return;
  act("/api/answer", { hash: open, label, note: at("note").value });
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function complain(problem) {
  at("problem").textContent = problem || "";
  at("problem").hidden = !problem;
}

function show(state) {
  complain(state.error);
  if (state.total === undefined) return;
  if (state.choices) offer(state.choices);
  at("bar").max = state.total || 1;
  at("bar").value = state.answered;
  at("counts").textContent =
    `${state.answered} of ${state.total} answered · ${state.labelled} of yours in the file`;
  at("last").textContent = said(state.last);
  at("undo").disabled = state.last === null;
  const asks = state.question !== null;
  if (!asks || state.question.hash !== open) at("note").value = "";
  open = asks ? state.question.hash : null;
  for (const button of document.querySelectorAll("#choices button, #skip")) button.disabled = !asks;
  at("note").disabled = !asks;
  asks ? ask(state.question) : finish(state);
}

function said(last) {
  if (!last) return "Press a key: the label is saved at once.";
  const answer = last.label ? `You said ${last.label}` : "You skipped one";
  if (!last.model) return `${answer}, in an earlier session.`;
  const sure = Math.round(100 * last.model.score);
  return `${answer}; the model said ${last.model.label} (${sure} % not content).`;
}

function ask(question) {
  at("title").textContent = question.title || question.document;
  const [number, of] = question.place;
  const places = question.places > 1 ? ` · stands in ${question.places} documents` : "";
  const source = question.url || (question.title ? question.document : "");
  at("source").textContent =
    `${source}${source ? " · " : ""}paragraph ${number} of ${of}${places}`;
  const current = element("p", question.text, "asked");
  current.id = "asked";
  current.setAttribute("aria-current", "true");
  at("text").replaceChildren(
    ...omitted(question.earlier, "before"),
    ...question.before.map(around),
    current,
    ...question.after.map(around),
    ...omitted(question.later, "after"),
  );
  const box = at("document");
  const room = Math.max(20, (box.clientHeight - current.offsetHeight) / 3);
  const heading = box.firstElementChild.offsetHeight; // it stays above what scrolls
  box.scrollTop = current.offsetTop - Math.max(heading + 20, room);
}

function around(paragraph) {
  const made = element("p", paragraph.text);
  if (paragraph.label) made.append(" ", element("span", paragraph.label, "given"));
  return made;
}

function omitted(count, where) {
  return count ? [element("p", `… ${count} more paragraphs ${where}`, "omitted")] : [];
}

function finish(state) {
  at("title").textContent = state.total ? "That was the last one" : "Nothing left to ask";
  at("source").textContent = "";
  at("text").replaceChildren(
    element("p", "Every answer is saved. Close this page and press Ctrl-C in the terminal, " +
      "which names the next command.", "asked"),
  );
}

function offer(choices) {
  const groups = new Map();
  for (const choice of choices) {
    if (!groups.has(choice.group)) {
      const group = element("section", "");
      group.append(element("h3", choice.group));
      groups.set(choice.group, group);
    }
    const button = element("button", "");
    button.type = "button";
    button.setAttribute("aria-keyshortcuts", choice.key);
    const name = element("span", "", "name");
    const place = choice.label.indexOf(choice.key);
    name.append(choice.label.slice(0, place), element("u", choice.key),
      choice.label.slice(place + 1));
    button.append(element("kbd", choice.key.toUpperCase()), name,
      element("span", choice.meaning, "meaning"));
    button.addEventListener("click", () => give(choice.label));
    keys.set(choice.key, () => give(choice.label));
    groups.get(choice.group).append(button);
  }
  at("choices").replaceChildren(...groups.values());
}

keys.set("u", () => act("/api/undo", {}));
keys.set("k", () => give(null));
keys.set("t", () => at("note").focus());
at("undo").addEventListener("click", keys.get("u"));
at("skip").addEventListener("click", keys.get("k"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target === at("note")) {
    if (event.key === "Enter" || event.key === "Escape") at("note").blur();
    return;
  }
  const chosen = keys.get(event.key.toLowerCase());
  if (!chosen) return;
  event.preventDefault();
  chosen();
});

act("/api/state");
