// The page of many targets: a line for each section with the score of each target, which opens to its scenarios; below it
// the targets themselves, and which of them are alike.
"use strict";

const state = { text: "", verdict: "", role: "", section: "", kind: "", at: 0, open: new Set() };
const verdictAt = (target, scenario) => LETTERS.indexOf(target.grid[scenario]);
let targets = DATA.targets;
let lines = [];

function isShown(scenario, index) {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = state.verdict === "" ? -1 : Number(state.verdict);
  return (
    words.every((word) => scenario.text.includes(word)) &&
    (state.section === "" || String(scenario.section) === state.section) &&
    (state.kind === "" || scenario.kinds.some((kind) => DATA.kinds[kind] === state.kind)) &&
    (wanted < 0 || targets.some((target) => verdictAt(target, index) === wanted))
  );
}

function scoreCell(target, section) {
  const [good, judged, failed] = target.scores[section];
  if (judged === 0) return el("td.score", { title: "not played" }, "·");
  const part = (name, count) => {
    const bar = el(name);
    bar.style.width = (100 * count) / judged + "%";
    return bar;
  };
  const says = good + " of " + judged + " cases pass" + (failed ? ", " + failed + (failed === 1 ? " fails" : " fail") : "");
  return el("td.score", { title: says }, good === judged ? "✓ " + good : good + "/" + judged, el("i", {}, part("b.good", good), failed ? part("b.bad", failed) : ""));
}

function sectionLine(section, index, count, isOpen) {
  const toggle = () => {
    if (!state.open.delete(index)) state.open.add(index);
    draw();
  };
  const head = el("th", { scope: "row" }, (isOpen ? "▾ " : "▸ ") + section.label + " " + section.title + " ", el("span.soft", {}, String(count)));
  return { node: el("tr.group", { onclick: toggle }, head, targets.map((target) => scoreCell(target, index))), enter: toggle };
}

function scenarioLine(scenario, index) {
  const cells = targets.map((target) => {
    const verdict = verdictAt(target, index);
    const title = target.name + ": " + (VERDICTS[verdict] || "not played");
    return el("td", { title }, verdict < 0 ? badge() : el("a", { href: target.href + "#" + encodeURIComponent(scenario.id), "aria-label": title }, badge(verdict)));
  });
  const first = cells.map((cell) => cell.querySelector("a")).filter(Boolean);
  const worst = first.reduce((most, each) => (LETTERS.indexOf(each.textContent) > LETTERS.indexOf(most.textContent) ? each : most), first[0]);
  const head = el("th", { scope: "row", title: scenario.id }, scenario.title, el("span.name.soft.mono", {}, " " + scenario.id.split("/").pop()));
  return { node: el("tr", {}, head, cells), enter: () => worst && worst.click() };
}

function draw() {
  targets = DATA.targets.filter((target) => state.role === "" || target.role === state.role);
  const isNarrowed = state.text !== "" || state.verdict !== "" || state.kind !== "" || state.section !== "";
  const bySection = DATA.sections.map(() => []);
  DATA.scenarios.forEach((scenario, index) => { if (isShown(scenario, index)) bySection[scenario.section].push(index); });
  lines = [];
  let count = 0;
  bySection.forEach((members, index) => {
    if (members.length === 0) return;
    count += members.length;
    const isOpen = state.open.has(index) || isNarrowed;
    lines.push(sectionLine(DATA.sections[index], index, members.length, isOpen));
    if (isOpen) members.forEach((member) => lines.push(scenarioLine(DATA.scenarios[member], member)));
  });
  const heads = targets.map((target) => el("th", { scope: "col" }, el("a", { href: target.href, title: target.target }, target.name, " ", el("span.soft", {}, target.version))));
  document.querySelector("table.matrix").replaceChildren(el("thead", {}, el("tr", {}, el("th", {}, count + " of " + DATA.scenarios.length + " scenarios"), heads)), el("tbody", {}, lines.map((line) => line.node)));
  state.at = Math.max(0, Math.min(state.at, lines.length - 1));
  mark();
}

function mark() {
  document.querySelectorAll("tr.at").forEach((row) => row.classList.remove("at"));
  if (lines[state.at]) {
    lines[state.at].node.classList.add("at");
    lines[state.at].node.scrollIntoView({ block: "nearest" });
  }
}

function targetTable() {
  const used = VERDICTS.map((_, verdict) => verdict).filter((verdict) => DATA.targets.some((target) => target.totals[verdict] > 0));
  const rows = DATA.targets.map((target) => el("tr", {}, el("th", { scope: "row" }, el("a", { href: target.href }, target.name)), el("td", {}, target.version || ""), el("td", {}, target.role), el("td", {}, (100 * target.share).toFixed(1) + " %"),
    used.map((verdict) => el("td", {}, target.totals[verdict] > 0 ? String(target.totals[verdict]) : "")), el("td", {}, target.seconds.toFixed(1))));
  const head = ["target", "version", "role", "passes"].map((word) => el("th", {}, word)).concat(used.map((verdict) => el("th", {}, badge(verdict), " " + VERDICTS[verdict])), el("th", {}, "s"));
  return el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}

// clusters: targets of one role whose verdict on every scenario is the same; and the nearest other of each that is alone.
function clusterNodes() {
  const groups = new Map();
  for (const target of DATA.targets) {
    const key = target.role + target.grid;
    groups.set(key, [...(groups.get(key) || []), target]);
  }
  const named = (members) => members.map((target, index) => [index > 0 ? ", " : "", el("a", { href: target.href }, target.name)]);
  const distance = (a, b) => [...a.grid].reduce((sum, letter, index) => sum + (letter === b.grid[index] ? 0 : 1), 0);
  const nodes = [];
  for (const members of groups.values()) {
    if (members.length > 1) nodes.push(el("li", {}, named(members), ": the same verdict on every scenario"));
  }
  for (const members of groups.values()) {
    const others = DATA.targets.filter((target) => target.role === members[0].role && !members.includes(target));
    if (others.length === 0) continue;
    const nearest = others.reduce((best, each) => (distance(each, members[0]) < distance(best, members[0]) ? each : best));
    nodes.push(el("li", {}, named(members), " is nearest to ", el("a", { href: nearest.href }, nearest.name), ": " + distance(nearest, members[0]) + " scenarios differ"));
  }
  return el("ul", {}, nodes);
}

function escape() {
  const help = document.querySelector("dialog.help");
  if (help.open) {
    help.close();
    return;
  }
  Object.assign(state, { text: "", verdict: "", role: "", section: "", kind: "", at: 0 });
  state.open.clear();
  document.querySelectorAll(".bar input, .bar select").forEach((control) => (control.value = ""));
  draw();
}

function buildMatrix() {
  DATA.targets.forEach((target) => (target.href = encodeURIComponent(target.href))); // a file beside this one
  DATA.scenarios.forEach((scenario) => (scenario.text = (scenario.id + "\n" + scenario.title + "\n" + scenario.words).toLowerCase()));
  const filter = (key) => (value) => { state[key] = value; draw(); };
  const roles = [...new Set(DATA.targets.map((target) => target.role))];
  document.body.append(
    el("header", {}, el("h1", {}, DATA.title), el("span", {}, DATA.targets.length + " targets, " + DATA.tool), el("span.space"), el("a", { href: "#targets" }, "targets"), el("a", { href: "#alike" }, "which are alike"), themeButton(),
      el("button", { onclick: () => document.querySelector("dialog.help").showModal() }, "? keys")),
    el("div.bar", {}, el("input", { type: "search", placeholder: "/ search: id, title, clause, bug", "aria-label": "search", oninput: (event) => filter("text")(event.target.value) }),
      select("verdict", VERDICTS.map((word, index) => [index, word]), filter("verdict")), select("role", roles.map((role) => [role, role + "s"]), filter("role")),
      select("section", DATA.sections.map((section, index) => [index, section.label + " " + section.title]), filter("section")), select("bug class", DATA.kinds.map((kind) => [kind, kind]), filter("kind"))),
    el("div.grid", {}, el("table.matrix"), el("div.summary", {}, el("h3", { id: "targets" }, "Targets"), targetTable(), el("h3", { id: "alike" }, "Which are alike"), clusterNodes(),
      el("p.soft", {}, "A score counts pass and info among the cases that were judged; below it green is what passes, red what fails, and between them what is not strict. A scenario shows the worst of its cases."))),
    helpDialog([["/", "search"], ["j k", "next, previous line"], ["Enter", "open the section, or the worst case of the scenario"], ["Esc", "close, clear the filters"], ["?", "this"]]));
  const move = (by) => () => { state.at += by; state.at = Math.max(0, Math.min(lines.length - 1, state.at)); mark(); };
  onKeys({ "/": () => document.querySelector(".bar input").focus(), j: move(1), k: move(-1), ArrowDown: move(1), ArrowUp: move(-1), Escape: escape,
    Enter: () => lines[state.at] && lines[state.at].enter(), "?": () => document.querySelector("dialog.help").showModal() });
  draw();
}

buildMatrix();
