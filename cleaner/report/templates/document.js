// ---- one document ---------------------------------------------------------------------------
const open = (place) => {
  const row = index[place];
  current = place;
  const link = /^https?:\/\//i.test(row.url)
    ? el("a", { href: row.url, rel: "noopener noreferrer", target: "_blank" }, el("bdi", {}, row.url))
    : el("bdi", {}, row.url);
  const facts = [
    row.title ? row.name : "", row.publisher || row.source, `basis: ${row.basis}`, link,
    row.words ? `${count(row.words)} words` : "", row.words ? `${percent(row.share)} ${flagged ? "flagged" : "cut"}` : "",
    row.status === "ok" ? row.flags.join(", ").replaceAll("_", " ") : row.status,
  ].filter((fact) => fact && fact.textContent !== "");
  const tools = el("div", { class: "tools" },
    el("button", { type: "button", class: "plain small", id: "clean", "aria-pressed": String(clean) }, "Cleaned text alone"),
    row.explained ? el("button", { type: "button", class: "plain small", id: "why" }, "Why, everywhere") : "");
  const notice = row.error || (!row.held && row.words ? "The text of this document is not in the page: it would be too large, or the output was moved." : "");
  $("document").replaceChildren(
    el("header", {}, el("h3", { dir: "auto" }, el("bdi", {}, row.title || row.name)),
      el("p", { class: "facts" }, ...facts.map((fact) => el("span", {}, typeof fact === "string" ? el("bdi", {}, fact) : fact))),
      row.held ? tools : ""),
    notice ? el("p", { class: "notice" }, notice) : "",
    ...load(place).map(paragraph),
    row.whole ? "" : el("p", { class: "notice" }, "The rest of this document is not shown."));
  $("document").classList.toggle("clean", clean);
  $("clean")?.addEventListener("click", toggleClean);
  $("why")?.addEventListener("click", () => toggleWhy());
  mark();
  light();
  scrollTo(0, 0);
};
let clean = false;
const toggleClean = () => {
  clean = !clean;
  $("document").classList.toggle("clean", clean);
  $("clean")?.setAttribute("aria-pressed", String(clean));
};
const paragraph = (pieces) => {
  const text = el("p", { class: "text", dir: "auto" });
  const notes = el("div", { class: "notes small" });
  const block = el("div", { class: "paragraph" }, text, notes);
  for (const piece of pieces) {
    const [words, cut, label, , reasons] = piece;
    const name = label < 0 ? "" : labels[label];
    if (cut) {
      const gap = words.length - words.trimStart().length;
      text.append(words.slice(0, gap), el(flagged ? "mark" : "del", { "data-label": name },
        el("span", { class: "unseen" }, `[${flagged ? "flagged" : "cut"} as ${name}: `),
        words.slice(gap), el("span", { class: "unseen" }, "]")));
    } else text.append(words);
    if (cut || (name && name !== "content") || reasons.length) note(block, notes, piece, name);
  }
  if (pieces.every((piece) => piece[1]) && !flagged) {
    block.classList.add("whole");
    block.dataset.label = labels[pieces[0][2]];
  }
  return block;
};
const note = (block, notes, [words, cut, , score, reasons], name) => {
  const quiet = !cut && name === "content";
  const face = [
    el("span", quiet ? {} : { class: "tag", "data-label": name }, quiet ? "kept" : cut ? name : `${name}, kept`),
    " ", el("span", { class: "p" }, score.toFixed(2)),
  ];
  if (!reasons.length) return notes.append(el("span", { class: "soft" }, ...face));
  const button = el("button", { type: "button", class: quiet ? "note quiet" : "note", "aria-expanded": "false" },
    el("span", { class: "unseen" }, "Why: "), ...face);
  button.addEventListener("click", () => {
    const wide = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!wide));
    if (wide) button.panel.remove();
    else block.append((button.panel ??= evidence(words, score, reasons)));
  });
  notes.append(button);
};
const evidence = (words, score, reasons) => {
  const most = Math.max(...reasons.map((reason) => Math.abs(reason[1])));
  const start = words.trim();
  return el("div", { class: "why" },
    el("p", {}, el("bdi", {}, `“${start.length > 60 ? `${start.slice(0, 60)}…` : start}”`),
      ` is not content with probability ${score.toFixed(4)}. What moved it, in log-odds:`),
    el("table", {},
      el("thead", { class: "unseen" }, el("tr", {}, ...["Evidence", "Weight", "Towards"].map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...reasons.map(([what, weight]) => el("tr", {},
      el("td", {}, el("bdi", {}, what)),
      el("td", { class: "number" }, `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`),
      el("td", {}, el("svg", { viewBox: "-50 0 100 6", preserveAspectRatio: "none", role: "img", "aria-label": weight < 0 ? "keep" : "cut" },
        el("rect", { class: weight < 0 ? "to-keep" : "to-cut", x: weight < 0 ? (50 * weight) / most : 0, y: 0, width: (50 * Math.abs(weight)) / most, height: 6 }),
        el("line", { x1: 0, x2: 0, y1: 0, y2: 6, "stroke-width": 0.6 }))))))));
};
const toggleWhy = () => {
  const buttons = [...$("document").querySelectorAll("button.note")];
  const closed = buttons.filter((button) => button.getAttribute("aria-expanded") === "false");
  // First what was cut, then, asked again, everything; asked a third time, nothing.
  const loud = closed.filter((button) => !button.matches(".quiet"));
  for (const button of loud.length ? loud : closed.length ? closed : buttons) button.click();
};
const nextCut = (by) => {
  const all = [...$("document").querySelectorAll(".text del, .text mark")];
  const at = all.findIndex((node) => node.matches(".here"));
  all[at]?.classList.remove("here");
  const node = all[at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length];
  node?.classList.add("here");
  node?.scrollIntoView({ block: "center" });
};
// Marks what was searched for without touching the document's nodes.
const light = () => {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete("found");
  const needle = $("find").value.trim().toLowerCase();
  if (!needle) return;
  const found = new Highlight();
  const walker = document.createTreeWalker($("document"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase();
    if (text.length !== walker.currentNode.data.length) continue;
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
      const range = new Range();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + needle.length);
      found.add(range);
    }
  }
  CSS.highlights.set("found", found);
};

