// The wire of a case as two lanes: what the sockets moved, and what it was.
"use strict";

const OPCODES = { 0: "Continuation", 1: "Text", 2: "Binary", 8: "Close", 9: "Ping", 10: "Pong" };

function bytesOf(hex) {
  return (hex.match(/../g) || []).map((pair) => parseInt(pair, 16));
}

function textOf(bytes) {
  return bytes.map((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 10 ? String.fromCharCode(byte) : byte === 13 ? "" : "·").join("");
}

// hexDump: eight bytes a line, with what of them is ASCII.
function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 8) {
    const part = bytes.slice(at, at + 8);
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    lines.push(at.toString(16).padStart(4, "0") + "  " + hex.padEnd(24) + " " + textOf(part).replace(/\n/g, "·"));
  }
  return el("pre", {}, lines.join("\n"));
}

// frameOf reads a header (RFC 6455 §5.2) and unmasks what is there of the payload; null if there are too few bytes.
function frameOf(bytes) {
  if (bytes.length < 2) return null;
  const form = bytes[1] & 0x7f;
  let at = 2;
  let size = BigInt(form);
  if (form >= 126) {
    const count = form === 126 ? 2 : 8;
    if (bytes.length < at + count) return null;
    size = bytes.slice(at, at + count).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    at += count;
  }
  const isMasked = (bytes[1] & 0x80) !== 0;
  const key = isMasked ? bytes.slice(at, at + 4) : [];
  at += key.length;
  if (isMasked && key.length < 4) return null;
  const payload = bytes.slice(at).map((byte, index) => (isMasked ? byte ^ key[index % 4] : byte));
  return { fin: bytes[0] >> 7, rsv: (bytes[0] >> 4) & 7, opcode: bytes[0] & 15, isMasked, key, size, form, payload };
}

function frameFields(frame) {
  const opcode = "opcode " + frame.opcode + " " + (OPCODES[frame.opcode] || "reserved");
  const form = frame.form < 126 ? "7-bit" : frame.form === 126 ? "16-bit" : "64-bit";
  const fields = ["FIN " + frame.fin, "RSV " + frame.rsv.toString(2).padStart(3, "0"), opcode, "MASK " + (frame.isMasked ? 1 : 0), "length " + frame.size + " (" + form + ")"];
  if (frame.isMasked) fields.push("key " + frame.key.map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
  if (frame.opcode === 8 && frame.payload.length >= 2) fields.push("code " + ((frame.payload[0] << 8) | frame.payload[1]));
  return el("div.fields", {}, fields.map((field) => el("span", {}, field)));
}

// entryBody: the bytes of an entry, read as what they are.
function entryBody(entry) {
  const bytes = bytesOf(entry.x || "");
  const parts = [];
  const isHttp = /^(HTTP|not HTTP)/.test(entry.s);
  const isMessage = / message /.test(entry.s) && entry.k === 0; // ours, recorded before it was framed
  if (isHttp) parts.push(el("pre", {}, textOf(bytes).trimEnd()));
  else if (!isMessage) {
    const frame = frameOf(bytes);
    if (frame) {
      parts.push(frameFields(frame));
      if (frame.isMasked && frame.payload.length > 0) parts.push(el("p.soft", {}, "payload, unmasked"), hexDump(frame.payload.slice(0, 64)));
    }
  }
  if (!isHttp && bytes.length > 0) parts.push(el("p.soft", {}, isMessage ? "payload" : "on the wire"), hexDump(bytes));
  if (entry.i !== undefined) parts.push(el("p.soft", {}, "inflated: " + entry.l + " bytes"), hexDump(bytesOf(entry.i)));
  const shown = bytes.length < entry.n ? "first " + bytes.length + " of " + entry.n + " bytes" : entry.n + " bytes";
  parts.push(el("p.soft", {}, shown + (entry.h ? ", SHA-256 " + entry.h : "")));
  if (entry.g) parts.push(el("p.soft", {}, "made by " + entry.g));
  return parts;
}

function entryNode(entry, isOpen) {
  const arrow = entry.k === 0 ? "→ " : "← ";
  const difference = entry.d === undefined ? "" : " (differs from byte " + entry.d + ")";
  const label = arrow + entry.s + difference;
  return entry.x ? el("details", { open: isOpen ? "" : null }, el("summary", {}, label), entryBody(entry)) : el("span", {}, label);
}

function closedFirst(entries) {
  const first = entries.find((entry) => entry.e !== undefined && entry.c === "main") || entries.find((entry) => entry.e !== undefined);
  if (!first) return "nobody closed the connection while the case lasted";
  return (first.e === 1 ? "the target" : "wsproof") + ", at " + first.t.toFixed(2) + " ms: " + first.s;
}

// timeline: `detail.t` are the entries, `detail.p` what the sockets moved, `detail.w` the entry of the first divergence.
function timeline(detail, what) {
  const lanes = el("div.wire", {}, el("div.head.time", {}, "ms"), el("div.head.ours", {}, "wsproof"), el("div.head", {}, "target"));
  const events = detail.t.map((entry, index) => ({ time: entry.t, entry, index }));
  for (const [time, isSent, size] of detail.p || []) events.push({ time, isSent, size });
  events.sort((a, b) => a.time - b.time);
  const lane = (isOurs, node, classes) => {
    lanes.append(el("div.ours" + (isOurs ? classes : ""), {}, isOurs ? node : ""), el("div" + (isOurs ? "" : classes), {}, isOurs ? "" : node));
  };
  for (const event of events) {
    const isHere = event.entry !== undefined && event.index === detail.w;
    const here = isHere ? ".here" : "";
    lanes.append(el("div.time" + here, {}, event.time === undefined ? "" : event.time.toFixed(2)));
    if (event.entry === undefined) lane(event.isSent, "TCP " + event.size + " bytes", ".piece");
    else if (event.entry.k === 2) lanes.append(el("div.wide" + here, {}, event.entry.s));
    else lane(event.entry.k === 0, entryNode(event.entry, isHere), here);
    if (isHere) lanes.append(el("div.flag", {}, "▲ first divergence: " + what));
  }
  return [el("p", {}, el("span.soft", {}, "Closed first: "), closedFirst(detail.t)), lanes];
}
