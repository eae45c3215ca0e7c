// The browser that shows this page is what is judged: the script opens each connection that it is bidden to, echoes, and
// fills in the verdicts as they come. What to open comes over plain HTTP, because WebSockets are what is on trial.
"use strict";

const run = { page: "", told: 0, refused: null, lost: null, sockets: new Map(), changed: new Set(), timer: null, isOver: false };
const RETRIES = 5;
const DRAWN_EVERY = 400; // ms: to draw each verdict by itself would slow down what is judged

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
}

// act does of itself what a case asks for: "text:WORDS", "binary:HEX", "close:CODE:REASON". What the browser refuses is not
// done: that it does is what such a case is about.
function act(socket, action) {
  const colon = action.indexOf(":");
  const [verb, rest] = colon < 0 ? [action, null] : [action.slice(0, colon), action.slice(colon + 1)];
  if (verb === "text") socket.send(rest);
  else if (verb === "binary") socket.send(bytesOf(rest));
  else if (verb === "close") {
    const [code, ...reason] = rest === null ? [] : rest.split(":");
    try {
      if (code === undefined) socket.close();
      else socket.close(Number(code), reason.join(":"));
    } catch (_) {
      // As above.
    }
  }
}

function openSocket(order) {
  const url = "ws://" + location.host + order.path;
  let socket;
  try {
    socket = order.subprotocols.length > 0 ? new WebSocket(url, order.subprotocols) : new WebSocket(url);
  } catch (error) {
    run.refused = [order.number, String(error)];
    return;
  }
  run.sockets.set(order.number, socket);
  socket.binaryType = "arraybuffer";
  let wasOpen = false;
  socket.onopen = () => {
    wasOpen = true;
    act(socket, order.action);
  };
  socket.onmessage = (event) => socket.send(event.data);
  socket.onclose = () => {
    if (!wasOpen) run.lost = order.number;
    run.sockets.delete(order.number);
  };
}

function say(text) {
  document.querySelector(".run b").textContent = text;
}

function takeVerdict(verdict) {
  const [at, place] = verdict.at;
  const scenario = DATA.scenarios[at];
  if (verdict.detail) {
    verdict.one.push(DATA.details.length);
    DATA.details.push(verdict.detail);
  }
  scenario.cases[place] = verdict.one;
  Object.assign(DATA.requirements, verdict.requirements);
  Object.assign(DATA.rulings, verdict.rulings);
  scenario.text = haystack(scenario);
  return scenario;
}

// redraw changes what the verdicts change, and nothing under the reader's hands beside.
function redraw() {
  const scenarios = run.changed;
  run.changed = new Set();
  clearTimeout(run.timer);
  run.timer = null;
  const played = DATA.scenarios.reduce((sum, scenario) => sum + scenario.cases.filter((one) => one[1] >= 0).length, 0);
  const bar = document.querySelector(".run progress");
  bar.value = played;
  if (!run.isOver) say(played + " of " + bar.max + " cases have their verdict");
  const buttons = document.querySelector(".verdicts");
  const focused = buttons.contains(document.activeElement) ? document.activeElement.dataset.verdict : "";
  buttons.replaceChildren(...verdictButtons().filter(Boolean));
  if (focused) buttons.querySelector("[data-verdict=" + focused + "]").focus();
  if (state.verdicts.size > 0 || state.text !== "") drawList();
  else {
    for (const scenario of scenarios) {
      const index = shown.indexOf(scenario);
      if (index < 0) continue;
      const row = rowOf(scenario, index);
      row.classList.toggle("at", index === state.at);
      document.querySelector('.row[data-index="' + index + '"]').replaceWith(row);
    }
    for (const section of new Set([...scenarios].map((scenario) => scenario.section))) {
      const node = document.querySelector('.section[data-section="' + section + '"]');
      if (node) node.replaceWith(sectionNode(section));
    }
  }
  const open = location.hash.length > 1 && !document.querySelector(".detail").contains(document.activeElement) && find(decodeURIComponent(location.hash.slice(1)));
  if (open && scenarios.has(open[0])) openFromAddress();
}

function end(text) {
  run.isOver = true;
  say(text);
  document.title = "wsproof: " + text;
  document.documentElement.dataset.run = "over";
}

const OUTCOMES = { 0: "all is played: this browser conforms", 1: "all is played: this browser does not conform", 130: "interrupted" };

// turn asks once, and does what the answer says. False: that was the last time.
async function turn() {
  const query = new URLSearchParams({ page: run.page, since: run.told });
  if (run.refused) {
    query.set("refused", run.refused[0]);
    query.set("why", run.refused[1]);
  }
  if (run.lost !== null) query.set("lost", run.lost);
  run.refused = run.lost = null;
  const response = await fetch("/wsproof/next?" + query, { cache: "no-store" });
  if (!response.ok) throw new Error(await response.text());
  const answer = await response.json();
  if (answer.refusal) {
    end(answer.refusal);
    return false;
  }
  if (answer.open) openSocket(answer.open);
  run.told += answer.verdicts.length;
  for (const verdict of answer.verdicts) run.changed.add(takeVerdict(verdict));
  if (answer.outcome) {
    end(OUTCOMES[answer.outcome.code] || "the run ended with exit code " + answer.outcome.code);
    redraw();
  } else if (run.changed.size > 0 && run.timer === null) run.timer = setTimeout(redraw, DRAWN_EVERY);
  return !answer.outcome;
}

async function play() {
  let failures = 0;
  for (;;) {
    try {
      if (!(await turn())) return;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures > RETRIES) {
        end("wsproof does not answer any more");
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

run.page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (octet) => octet.toString(16).padStart(2, "0")).join("");
const total = DATA.scenarios.reduce((sum, scenario) => sum + scenario.cases.length, 0);
document.querySelector("header").append(el("div.run", {}, el("b", { role: "status" }, "begins"), el("progress", { max: total, value: 0, "aria-label": "cases with a verdict" })));
document.querySelector("header .facts").textContent = DATA.tool + "; " + navigator.userAgent;
play();
