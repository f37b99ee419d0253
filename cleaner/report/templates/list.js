
// ---- the list -----------------------------------------------------------------------------
let hits = index;
let shown = PAGE;
let current = -1;
const orders = {
  run: (a, b) => a.place - b.place,
  cut: (a, b) => b.share - a.share || a.place - b.place,
  unsure: (a, b) => b.unsure - a.unsure || a.place - b.place,
  long: (a, b) => b.words - a.words || a.place - b.place,
};
const filter = () => {
  const needle = fold($("find").value);
  const source = $("source").value;
  const state = $("state").value;
  const wanted = [...document.querySelectorAll("[name=label]:checked")].map((box) => box.value);
  hits = index
    .filter((row) => source === "*" || `=${row.source}` === source)
    .filter((row) => !state || row.status === state || row.flags.includes(state))
    .filter((row) => wanted.every((label) => row.cut[label]))
    .filter((row) => !needle || row.head.includes(needle) || folded(row).includes(needle))
    .sort(orders[$("order").value]);
  shown = PAGE;
  list();
};
const list = () => {
  $("count").textContent =
    hits.length === index.length
      ? count(index.length, "document")
      : `${count(hits.length)} of ${count(index.length, "document")}`;
  $("hits").replaceChildren(...hits.slice(0, shown).map(item));
  $("more").hidden = hits.length <= shown;
  mark();
};
const item = (row) => {
  const bar = el("svg", { viewBox: "0 0 100 3", preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  const parts = [["content", row.words - sum(row.cut)], ...Object.entries(row.cut)];
  for (const [label, words] of parts) {
    const width = row.words ? (100 * words) / row.words : 0;
    bar.append(el("rect", { "data-label": label, x, y: 0, width, height: 3 }));
    x += width;
  }
  return el("li", {}, el("a", { href: `#document=${row.place}` },
    el("bdi", { class: "title" }, row.title || row.name),
    el("span", { class: "meta" },
      el("bdi", {}, row.source || (row.title ? row.name : "source not known")),
      row.words ? el("span", {}, percent(row.share)) : "",
      el("span", { class: "status" }, row.state)),
    bar));
};
const mark = () => {
  for (const link of $("hits").querySelectorAll("a")) {
    const here = link.hash === `#document=${current}`;
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    if (here) link.scrollIntoView({ block: "nearest" });
  }
};
const step = (by) => {
  const at = hits.findIndex((row) => row.place === current);
  const next = hits[Math.min(hits.length - 1, Math.max(0, at + by))];
  if (!next) return;
  while (hits.indexOf(next) >= shown) {
    shown += PAGE;
    list();
  }
  go(`#document=${next.place}`);
};
