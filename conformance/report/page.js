// The page of one target: scenarios by section on the left, the case that is open on the right. The address's fragment
// names the open case, so that it can be linked to and left by the browser's own way back.
"use strict";

const BAD = new Set([4, 5, 6, 7, 8, 9]);
const state = { text: "", verdicts: new Set(), role: "", section: "", kind: "", at: -1 };
let shown = []; // the scenarios that the filters leave, in order

const caseId = (scenario, one) => scenario.id + one[0];
const worst = (scenario) => scenario.cases.reduce((most, one) => (rank(one) > rank(most) ? one : most));
const rank = (one) => (one[2] === 5 && !BAD.has(one[1]) ? 4 : one[1] === 3 ? -1 : one[1]);
const bugsOf = (scenario) => scenario.like.filter((word) => word.startsWith("bug:")).map((word) => DATA.bugs[word.slice(4)]).filter(Boolean);

function haystack(scenario) {
  const clauses = scenario.requires.map((id) => id + " " + (DATA.requirements[id] || { clause: "" }).clause);
  const bugs = scenario.like.map((word) => word + " " + ((DATA.bugs[word.slice(4)] || {}).who || ""));
  const cases = scenario.cases.map((one) => one[0] + " " + VERDICTS[one[1]]);
  return [scenario.id, scenario.title, ...clauses, ...bugs, ...cases].join("\n").toLowerCase();
}

function isShown(scenario) {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    words.every((word) => scenario.text.includes(word)) &&
    (state.verdicts.size === 0 || scenario.cases.some((one) => state.verdicts.has(one[1]))) &&
    (state.role === "" || scenario.role === state.role) &&
    (state.section === "" || String(scenario.section) === state.section) &&
    (state.kind === "" || bugsOf(scenario).some((bug) => bug.kind === state.kind))
  );
}

function counts(scenario) {
  const byVerdict = new Map();
  for (const one of scenario.cases) byVerdict.set(one[1], (byVerdict.get(one[1]) || 0) + 1);
  if (scenario.cases.length === 1) return "";
  return [...byVerdict].sort((a, b) => b[0] - a[0]).map(([verdict, count]) => count + LETTERS[verdict]).join(" ");
}

// whyOf: what came in place of what was expected, of a case that is bad.
function whyOf(one) {
  const detail = BAD.has(one[1]) && one[4] !== undefined ? DATA.details[one[4]] : null;
  const text = detail && (detail.f ? "got " + (detail.f[0].g || "nothing") : detail.reason);
  return text ? el("span.name.why", {}, text) : "";
}

function rowOf(scenario, index) {
  const one = worst(scenario);
  return el("a.row", { href: "#" + encodeURIComponent(caseId(scenario, one)), "data-index": index, title: scenario.id },
    badge(one[1]), el("span.what", {}, scenario.title, el("span.name", {}, scenario.id), whyOf(one)), el("span.soft", {}, counts(scenario)));
}

// tally: how many cases of a section came to what.
function tally(section) {
  const all = DATA.scenarios.filter((scenario) => scenario.section === section).flatMap((scenario) => scenario.cases);
  return VERDICTS.map((word, verdict) => [verdict, all.filter((one) => one[1] === verdict).length])
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => el("span.tally", { title: count + " " + VERDICTS[verdict] }, badge(verdict), String(count)));
}

function sectionNode(index) {
  const section = DATA.sections[index];
  return el("div.section", { "data-section": index }, section.label, el("span.soft.what", {}, section.title), tally(index));
}

function drawList() {
  const list = document.querySelector(".list");
  shown = DATA.scenarios.filter(isShown);
  state.at = Math.min(state.at, shown.length - 1);
  const nodes = [];
  let last = -1;
  shown.forEach((scenario, index) => {
    if (scenario.section !== last) {
      last = scenario.section;
      nodes.push(sectionNode(last));
    }
    nodes.push(rowOf(scenario, index));
  });
  list.replaceChildren(...(nodes.length > 0 ? nodes : [el("p.none", {}, "No scenario is all of that. Esc clears the filters.")]));
  document.querySelector(".count").textContent = shown.length + " of " + DATA.scenarios.length + " scenarios";
  markRow();
}

function markRow() {
  document.querySelectorAll(".row.at").forEach((row) => row.classList.remove("at"));
  const row = document.querySelector('.row[data-index="' + state.at + '"]');
  if (row) {
    row.classList.add("at");
    row.scrollIntoView({ block: "nearest" });
  }
}

function findingNode(finding) {
  const row = DATA.requirements[finding.r];
  const ruling = DATA.rulings[finding.b];
  const facts = [];
  const fact = (label, ...nodes) => facts.push(el("dt", {}, label), el("dd", {}, nodes));
  if (finding.s) fact("sent", finding.s);
  (finding.e || []).forEach((text, index) => fact(index === 0 ? "expected" : "or", text));
  if (finding.g) fact("got", el("b", {}, finding.g));
  if (row) fact("clause", link(row.uri, row.clause), " " + finding.r + " (" + row.level + ", " + row.who + "): " + row.summary);
  if (ruling) fact("ruling", finding.b + ", " + ruling.spot + ": " + ruling.verdict);
  if (finding.p) fact("step", el("code", {}, finding.p));
  if (finding.m) fact("seen by", "a monitor, which watches every case");
  return el("div.finding." + VERDICTS[finding.v], {}, el("p", {}, badge(finding.v), " ", finding.x), el("dl", {}, facts));
}

function bugNode(bug, id) {
  const evidence = (bug.evidence || []).map((url) => [" ", link(url, url.replace(/^https:\/\/(github\.com\/)?/, ""))]);
  return el("div.bug", {}, el("b", {}, id + " " + bug.who), el("br"), "On " + bug.trigger + ": " + bug.harm, evidence.length > 0 ? el("span", {}, evidence) : "");
}

function replayNode(scenario, one, detail) {
  const again = DATA.replay + (scenario.again || "") + (detail && detail.segment ? " --segment " + detail.segment : "") + " '" + caseId(scenario, one) + "'";
  const pre = el("pre.replay", {}, again);
  const copy = el("button", { onclick: () => navigator.clipboard.writeText(again).catch(() => getSelection().selectAllChildren(pre)) }, "copy");
  return [el("h3", {}, "Play it again ", copy), pre];
}

function detailNodes(scenario, one) {
  const detail = one[4] === undefined ? null : DATA.details[one[4]];
  const chips = scenario.cases.map((each) => el("a" + (each === one ? ".at" : ""), { href: "#" + encodeURIComponent(caseId(scenario, each)) }, badge(each[1]), each[0] ? each[0].slice(1, -1) : "the case"));
  const nodes = [el("h2", {}, scenario.title), el("p.mono.soft", {}, caseId(scenario, one)), scenario.why ? el("p", {}, scenario.why) : "",
    scenario.cases.length > 1 ? el("div.chips", {}, chips) : "",
    el("p", {}, badge(one[1]), " ", el("b", {}, VERDICTS[one[1]]), "; closing: " + CLOSINGS[one[2]] + (detail && detail.code ? " (" + detail.code + ")" : "") + "; " + one[3].toFixed(1) + " ms; level: " + scenario.level)];
  if (detail) {
    if (detail.reason) nodes.push(el("p", {}, detail.reason));
    if (detail.known) nodes.push(el("p", {}, "Known failure: " + detail.known));
    if (detail.plays > 1) nodes.push(el("p.soft", {}, "failed " + detail.failed + " of " + detail.plays + " plays"));
    if (detail.segments) nodes.push(el("p.soft", {}, "under other cuts: " + Object.entries(detail.segments).map(([cut, word]) => cut + " " + word).join(", ")));
    if (detail.f) nodes.push(el("h3", {}, "What was sent, expected, and came"), ...detail.f.map(findingNode));
    if (detail.t) nodes.push(el("h3", {}, "On the wire"), ...timeline(detail, detail.f && detail.f.length > 0 ? detail.f[0].g || detail.f[0].x : detail.reason || "here"));
  } else nodes.push(el("p.soft", {}, "A pass is kept without its transcript; the JSON report has it."));
  nodes.push(...replayNode(scenario, one, detail), el("h3", {}, "Clauses"));
  for (const id of scenario.requires) {
    const row = DATA.requirements[id];
    nodes.push(el("p", {}, row ? link(row.uri, row.clause) : "", " " + id + (row ? " (" + row.level + "): " + row.summary : "")));
  }
  const bugs = scenario.like.filter((word) => word.startsWith("bug:") && DATA.bugs[word.slice(4)]).map((word) => bugNode(DATA.bugs[word.slice(4)], word.slice(4)));
  if (bugs.length > 0) nodes.push(el("h3", {}, "Real bugs that it would have caught"), ...bugs);
  const likes = scenario.like.filter((word) => !word.startsWith("bug:"));
  if (likes.length > 0) nodes.push(el("p.soft", {}, "Like " + likes.join(", ")));
  return nodes;
}

// find: the scenario and the case of an id; an id without parameters means the worst case.
function find(id) {
  for (const scenario of DATA.scenarios) {
    if (scenario.id === id) return [scenario, scenario.cases.find((one) => one[0] === "") || worst(scenario)];
    const one = id.startsWith(scenario.id + "[") && scenario.cases.find((each) => caseId(scenario, each) === id);
    if (one) return [scenario, one];
  }
  return null;
}

function openFromAddress() {
  let id = "";
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch (_) {
    // A fragment that no report of ours made names nothing.
  }
  const found = id ? find(id) : null;
  document.querySelector("main").classList.toggle("split", found !== null);
  const detail = document.querySelector(".detail");
  detail.hidden = found === null;
  if (found) {
    detail.replaceChildren(...detailNodes(...found).filter((node) => node !== ""));
    detail.scrollTop = 0;
    const at = shown.indexOf(found[0]);
    if (at >= 0) state.at = at;
  }
  markRow();
}

function clearOrClose() {
  const help = document.querySelector("dialog.help");
  if (help.open) help.close();
  else if (location.hash.length > 1) location.hash = "";
  else {
    Object.assign(state, { text: "", role: "", section: "", kind: "" });
    state.verdicts.clear();
    document.querySelectorAll(".bar input, .bar select").forEach((control) => (control.value = ""));
    document.querySelectorAll(".bar button[aria-pressed]").forEach((button) => button.setAttribute("aria-pressed", "false"));
    drawList();
  }
}

function verdictButtons() {
  const isOn = (verdict) => String(state.verdicts.has(verdict));
  const totals = VERDICTS.map((_, verdict) => DATA.scenarios.reduce((sum, scenario) => sum + scenario.cases.filter((one) => one[1] === verdict).length, 0));
  return VERDICTS.map((word, verdict) => totals[verdict] === 0 ? null : el("button.verdict", { "aria-pressed": isOn(verdict), "data-verdict": word, onclick: (event) => {
    if (!state.verdicts.delete(verdict)) state.verdicts.add(verdict);
    event.currentTarget.setAttribute("aria-pressed", isOn(verdict));
    drawList();
  } }, badge(verdict), word + " " + totals[verdict]));
}

function buildPage() {
  DATA.scenarios.forEach((scenario) => (scenario.text = haystack(scenario)));
  const kinds = [...new Set(DATA.scenarios.flatMap((scenario) => bugsOf(scenario).map((bug) => bug.kind)))].sort();
  const filter = (key) => (value) => { state[key] = value; drawList(); };
  const facts = Object.entries(DATA.facts).map(([fact, value]) => fact + ": " + value).join("; ");
  document.body.append(
    el("header", {}, el("h1", {}, DATA.name), el("span.summary-line", {}, DATA.summary), el("span.space"), DATA.home ? el("a", { href: encodeURIComponent(DATA.home) }, "all targets") : "", themeButton(),
      el("button", { onclick: () => document.querySelector("dialog.help").showModal() }, "? keys"),
      el("div.facts.soft", {}, DATA.name === DATA.target ? "" : DATA.target + "; ", DATA.tool + ", " + DATA.started + ", " + DATA.seconds.toFixed(1) + " s, seed " + DATA.seed + (facts ? "; " + facts : "")),
      ...DATA.notes.map((note) => el("div.facts", {}, "⚠ " + note))),
    el("div.bar", {}, el("input", { type: "search", placeholder: "/ search: id, title, clause, bug, parameter", "aria-label": "search", oninput: (event) => filter("text")(event.target.value) }), el("span.verdicts", {}, verdictButtons()),
      select("role", [["server", "servers"], ["client", "clients"], ["either", "either"]], filter("role")),
      select("section", DATA.sections.map((section, index) => [index, section.label + " " + section.title]), filter("section")),
      select("bug class", kinds.map((kind) => [kind, kind]), filter("kind")), el("span.count.soft")),
    el("main", {}, el("div.list", { tabindex: "-1" }), el("div.detail", { hidden: "" })),
    helpDialog([["/", "search"], ["j k", "next, previous scenario"], ["Enter", "open it"], ["Esc", "close it; then clear the filters"], ["?", "this"]]));
  const move = (by) => () => {
    state.at = Math.max(0, Math.min(shown.length - 1, state.at + by));
    markRow();
  };
  onKeys({ "/": () => document.querySelector(".bar input").focus(), j: move(1), k: move(-1), ArrowDown: move(1), ArrowUp: move(-1), Escape: clearOrClose,
    Enter: () => { if (shown[state.at]) location.hash = encodeURIComponent(caseId(shown[state.at], worst(shown[state.at]))); },
    "?": () => document.querySelector("dialog.help").showModal() });
  addEventListener("hashchange", openFromAddress);
  drawList();
  openFromAddress();
}

buildPage();
