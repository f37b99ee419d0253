// What the scrape wrote goes into the page as text nodes; nothing is ever parsed as HTML.
const $ = (id) => document.getElementById(id);
const read = (id) => JSON.parse($(id).textContent);
const { labels, flagged } = read("head");
const index = read("index");
const verb = flagged ? "flagged" : "cut";
const PAGE = 100;
const SVG = "http://www.w3.org/2000/svg";

const el = (name, attributes = {}, ...children) => {
  const node = ["svg", "rect", "line"].includes(name)
    ? document.createElementNS(SVG, name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== ""));
  return node;
};
const unseen = (text) => el("span", { class: "unseen" }, text);
const count = (number, noun = "") =>
  number.toLocaleString("en") + (noun && ` ${noun}${number === 1 ? "" : "s"}`);
const percent = (share) => `${(100 * share).toFixed(share && share < 0.001 ? 2 : 1)} %`;
const fold = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();
const sum = (numbers) => Object.values(numbers).reduce((a, b) => a + b, 0);
const words = (flags) => flags.join(", ").replaceAll("_", " ");
for (const [place, row] of index.entries()) {
  row.place = place;
  row.share = row.words ? sum(row.cut) / row.words : 0;
  row.head = fold(`${row.title} ${row.name} ${row.source} ${row.publisher} ${row.url}`);
  row.state = row.status === "ok" ? words(row.flags) : row.status;
}

// Documents are parsed when they are first looked at; their texts are folded at the first search.
const load = (place) => read(`d${place}`);
const folded = (row) =>
  (row.text ??= fold(load(row.place).map((p) => p.map((piece) => piece[0]).join("")).join(" ")));

// ---- views ----------------------------------------------------------------------------------
const views = ["overview", "sources", "templates", "documents"];
const show = () => {
  const [name, place] = location.hash.slice(1).split("=");
  const view = name === "document" ? "documents" : views.includes(name) ? name : "overview";
  for (const id of views) $(id).hidden = id !== view;
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view !== "documents") return scrollTo(0, 0);
  const asked = name === "document" ? Number(place) : (hits[0]?.place ?? -1);
  if (index[asked]) open(asked);
  else $("document").replaceChildren(el("p", { class: "soft" }, "No document to show."));
};
const go = (hash) => {
  if (location.hash === hash) show();
  else location.hash = hash;
};
