// What both pages share. All that a peer had a say in reaches the page as text, never as markup: el() is the only way
// in, and it makes text nodes.
"use strict";

const DATA = JSON.parse(document.getElementById("data").textContent);

// In the order of the judge, from best to worst; the index of each is what the data holds.
const VERDICTS = ["pass", "info", "non-strict", "unsupported", "fail", "flaky", "crash", "hang", "blocked", "harness-error"];
const LETTERS = "PINUFKCHBE";
const CLOSINGS = ["not judged", "clean", "wrong code", "no Close frame", "unclean", "not closed"];

// el("a.row", {href: "#x"}, "text", child, …): an element with classes, attributes and children.
function el(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function badge(verdict) {
  if (verdict === undefined || verdict < 0) return el("span.badge.missing", { title: "not played" }, "·");
  return el("span.badge." + VERDICTS[verdict], { title: VERDICTS[verdict], role: "img", "aria-label": VERDICTS[verdict] }, LETTERS[verdict]);
}

// link: out of the report, to the web alone.
function link(url, text) {
  return /^https:\/\//.test(url) ? el("a", { href: url, rel: "noreferrer" }, text || url) : el("span", {}, url);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("wsproof-theme", theme);
  } catch (_) {
    // A page from a file may be denied storage; the theme is then forgotten.
  }
}

function chosenTheme() {
  try {
    const stored = localStorage.getItem("wsproof-theme");
    if (stored === "dark" || stored === "light") return stored;
  } catch (_) {
    // As above.
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function themeButton() {
  return el("button.theme", { title: "light or dark", onclick: () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark") }, "◐ theme");
}

function helpDialog(keys) {
  const rows = keys.map(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)]);
  const verdicts = VERDICTS.map((word, index) => [el("dt", {}, badge(index)), el("dd", {}, word)]);
  return el("dialog.help", {}, el("h2", {}, "Keys"), el("dl", {}, rows), el("h2", {}, "Verdicts"), el("dl", {}, verdicts), el("p.soft", {}, "Esc closes this."));
}

function select(label, options, change) {
  const choices = options.map(([value, text]) => el("option", { value }, text));
  return el("select", { "aria-label": label, title: label, onchange: (event) => change(event.target.value) }, el("option", { value: "" }, label + ": any"), choices);
}

// onKeys calls keys[event.key], unless something is being typed; Esc leaves what is typed.
function onKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches("input, select, textarea");
    if (isTyping) {
      if (event.key === "Escape" || (event.key === "Enter" && event.target.matches("input"))) event.target.blur();
      return;
    }
    const isOnControl = event.target.matches("button, summary, a") && event.key === "Enter";
    if (keys[event.key] && !isOnControl) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

setTheme(chosenTheme());
