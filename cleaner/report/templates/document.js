
// ---- one document ---------------------------------------------------------------------------
const open = (place) => {
  const row = index[place];
  current = place;
  const notice = row.error || notices(row);
  $("document").replaceChildren(
    el("header", {},
      el("h3", { dir: "auto" }, el("bdi", {}, row.title || row.name)),
      el("p", { class: "about" }, ...about(row)),
      row.words ? tools() : ""),
    notice ? el("p", { class: "notice" }, el("bdi", {}, notice)) : "",
    ...load(place).map(paragraph));
  $("document").classList.toggle("clean", clean);
  mark();
  light();
  scrollTo(0, 0);
  if (!$("filters").contains(document.activeElement)) $("document").focus({ preventScroll: true });
};
const notices = (row) => {
  if (row.partial) return `The text can’t be shown, as ${row.problem}. This is what was ${verb}, as it is on record.`;
  return row.problem && `There is no evidence to show: ${row.problem}.`;
};
const about = (row) => {
  const link = /^https?:\/\//i.test(row.url)
    ? el("a", { href: row.url, rel: "noopener noreferrer", target: "_blank" }, row.url)
    : row.url;
  const source = [row.publisher, row.source].filter(Boolean).join(", ");
  return [
    source ? `${source} (${row.basis})` : "source not known", row.title ? row.name : "", link,
    row.words ? `${count(row.words, "word")}, ${percent(row.share)} ${verb}` : "", row.state,
  ].filter(Boolean).map((fact) => el("bdi", {}, fact));
};
const tools = () => {
  const alone = el("button", { type: "button", class: "plain", id: "clean", "aria-pressed": clean }, "Cleaned text alone");
  const why = el("button", { type: "button", class: "plain", id: "why" }, "Why, everywhere");
  alone.addEventListener("click", toggleClean);
  why.addEventListener("click", toggleWhy);
  return el("div", { class: "tools" }, flagged ? "" : alone, why);
};
let clean = false;
const toggleClean = () => {
  clean = !clean && !flagged;
  $("document").classList.toggle("clean", clean);
  $("clean")?.setAttribute("aria-pressed", clean);
};

const paragraph = (pieces) => {
  const text = el("p", { class: "text", dir: "auto" });
  const notes = el("div", { class: "notes" });
  const block = el("div", { class: "paragraph" }, text, notes);
  for (const piece of pieces) {
    const name = labels[piece[2]] ?? "";
    text.append(...(piece[1] ? struck(piece[0], name) : [piece[0]]));
    if (piece[1] || name) note(block, notes, piece, name);
  }
  if (pieces.every((piece) => piece[1])) {
    block.classList.add("whole");
    block.dataset.label = labels[pieces[0][2]];
  }
  return block;
};
const struck = (text, name) => {
  const gap = text.length - text.trimStart().length;
  const node = el(flagged ? "mark" : "del", { "data-label": name },
    unseen(`[${verb} as ${name}: `), text.slice(gap), unseen("]"));
  return [text.slice(0, gap), node];
};
const note = (block, notes, piece, name) => {
  const [, cut, , score, reasons] = piece;
  const quiet = !cut && name === "content";
  const face = [
    el("span", quiet ? {} : { class: "tag", "data-label": name }, cut ? name : quiet ? "kept" : `${name}, kept`),
    " ", el("span", { class: "p" }, score.toFixed(2)),
  ];
  if (!reasons.length) return quiet || notes.append(el("span", {}, ...face));
  const button = el("button", { type: "button", class: quiet ? "note quiet" : "note", "aria-expanded": false },
    unseen("Why "), ...face);
  button.addEventListener("click", () => {
    const wide = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", !wide);
    if (wide) button.panel.remove();
    else block.append((button.panel ??= evidence(piece)));
  });
  notes.append(button);
};
const evidence = ([text, , , score, reasons, sentence]) => {
  const most = Math.max(...reasons.map((reason) => Math.abs(reason[1])));
  const start = text.trim();
  return el("div", { class: "why" },
    el("p", {}, el("bdi", {}, `“${start.length > 60 ? `${start.slice(0, 60)}…` : start}”`),
      ` is not content with a probability of ${score.toFixed(4)}. What weighs for cutting (+) and for keeping (−)`,
      sentence ? " its whole paragraph" : "", ", in log-odds:"),
    el("table", {}, el("tbody", {}, ...reasons.map(([what, weight]) => el("tr", {},
      el("td", {}, el("bdi", {}, what)),
      el("td", { class: "number" }, `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`),
      el("td", {}, el("svg", { viewBox: "-50 0 100 6", preserveAspectRatio: "none", "aria-hidden": true },
        el("rect", { class: weight < 0 ? "to-keep" : "to-cut", x: weight < 0 ? (50 * weight) / most : 0, y: 0, width: (50 * Math.abs(weight)) / most, height: 6 }),
        el("line", { x1: 0, x2: 0, y1: 0, y2: 6, "stroke-width": 0.6 }))))))));
};
// First what was cut, then, asked again, everything; asked a third time, nothing.
const toggleWhy = () => {
  const buttons = [...$("document").querySelectorAll("button.note")];
  const closed = buttons.filter((button) => button.getAttribute("aria-expanded") === "false");
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
