
// ---- tables ---------------------------------------------------------------------------------
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  for (const [column, head] of heads.entries()) {
    const button = el("button", { type: "button" }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const numeric = head.matches(".number");
      const before = head.getAttribute("aria-sort") ?? (numeric ? "ascending" : "descending");
      const way = before === "ascending" ? "descending" : "ascending";
      const sign = way === "ascending" ? 1 : -1;
      const value = (tr) => tr.cells[column].dataset.value ?? tr.cells[column].textContent;
      const compare = numeric ? (a, b) => a - b : (a, b) => a.localeCompare(b);
      const rows = [...table.tBodies[0].rows].sort((a, b) => sign * compare(value(a), value(b)));
      table.tBodies[0].append(...rows);
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", way);
    });
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-source]");
  if (!button) return;
  $("filters").reset();
  $("source").value = `=${button.dataset.source}`;
  if ($("source").selectedIndex < 0) $("source").value = "*";
  $("find").value = button.dataset.find ?? "";
  filter();
  go("#documents");
});

// ---- keys, theme, start -----------------------------------------------------------------------
const keys = {
  1: () => go("#overview"), 2: () => go("#sources"), 3: () => go("#templates"), 4: () => go("#documents"),
  "/": () => { if ($("documents").hidden) go("#documents"); setTimeout(() => $("find").focus()); },
  j: () => step(1), k: () => step(-1), n: () => nextCut(1), p: () => nextCut(-1),
  w: toggleWhy, c: toggleClean, "?": () => $("help").showModal(),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const inDocuments = !$("documents").hidden;
  if ("jknpwc".includes(event.key) && !inDocuments) return;
  if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]();
  }
});
const themes = ["system", "light", "dark"];
const setTheme = (theme) => {
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = `Theme: ${theme}`;
};
$("theme").addEventListener("click", () => {
  const now = themes.indexOf(document.documentElement.dataset.theme);
  setTheme(themes[(now + 1) % themes.length]);
});
$("keys").addEventListener("click", () => $("help").showModal());
$("more").addEventListener("click", () => { shown += PAGE; list(); });
let waiting;
const narrow = (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    filter();
    if (!hits.some((row) => row.place === current)) {
      history.replaceState(null, "", hits[0] ? `#document=${hits[0].place}` : "#documents");
    }
    show();
  }, event.target.id === "find" ? 150 : 0);
};
for (const kind of ["input", "change"]) $("filters").addEventListener(kind, narrow);
$("filters").addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", show);
for (const id of ["keys", "theme"]) $(id).hidden = false;
setTheme("system");
list();
show();
// Texts are folded while the reader looks around, so that the first search need not wait for it.
const foldAhead = (place) => requestIdleCallback((idle) => {
  while (place < index.length && idle.timeRemaining() > 1) folded(index[place++]);
  if (place < index.length) foldAhead(place);
});
if ("requestIdleCallback" in window) foldAhead(0);
