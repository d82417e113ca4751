// The page: what is drawn or dropped goes to this machine's own server, and what the network makes of it is shown.

import { board } from "./canvas.js";
import { camera, download, read, takeFiles } from "./files.js";
import { answered, layer, problems, reads, sentence, several, table, tip } from "./shown.js";
import { at, decimal, say, speech } from "./words.js";

const CALM = 700; // milliseconds without a change until the answer is spoken
const NAME = 200; // letters of a file's name that are sent
const PAST = 100; // steps that can be undone

let start, file = null, pick = 0, found = null, calm = 0;
let changes = 0; // of what is on the board, each with its number
let epoch = 0; // goes up where what was on the board before has nothing to do with what is there now
let reading = null; // the promise of all readings that are under way
const past = []; // what was on the board before

const template = () => start.templates.find((each) => each.name === at("template").value);
const choice = () => ({ template: at("template").value, language: at("language").value });

async function ask(path, query, body, name = "") {
  const short = [...name].slice(-NAME).join("");
  const headers = name ? { "X-File-Name": encodeURIComponent(short.toWellFormed?.() ?? short) } : {};
  let answer;
  try {
    answer = await fetch(`${path}?${new URLSearchParams(query)}`, body ? { method: "POST", body, headers } : {});
  } catch {
    throw Object.assign(new Error(say("gone")), { ours: true });
  }
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

// ---- what is on the board ----

const canvas = board(at("canvas"), {
  begin() {
    remember();
    if (!file) return;
    file = null;
    epoch++;
    canvas.put([]);
  },
  undo,
  clear,
  changed,
  told(key, ...values) { at("spoken").textContent = say(key, ...values); },
});

const isEmpty = () => !file && canvas.isEmpty();

function remember() {
  past.push({ strokes: canvas.strokes(), file, pick });
  if (past.length > PAST) past.shift();
}

function put(state) {
  ({ file, pick } = state);
  canvas.put(state.strokes);
  epoch++;
}

function undo() {
  if (!past.length) return;
  put(past.pop());
  changed();
}

function clear() {
  if (isEmpty()) return;
  remember();
  put({ strokes: [], file: null, pick: 0 });
  changed();
}

// What is on the board is another one, and is read.
function changed() {
  touched();
  reading ??= readings().finally(() => { reading = null; });
}

function touched() {
  changes++;
  wrong(null);
  if (!making) at("downloaded").textContent = "";
  at("hint").hidden = !isEmpty();
  at("preview").hidden = !file;
  if (!file) at("samples").value = "";
  allow(at("undo"), past.length > 0);
  allow(at("clear"), !isEmpty());
}

// What is sent: the file, or a picture of the strokes, and what is wanted of it.
async function request() {
  const query = { ...choice(), pick: pick || 1, pictures: file || at("stages").open ? 1 : 0 }, name = file?.name;
  return { body: file ?? await canvas.picture(), name, query };
}

async function readOnce({ body, name, query }) {
  return (await ask("/read", query, body, name)).json();
}

// One request at a time, and always one more after the last change.
async function readings() {
  for (let sent = -1; sent !== changes; await null) { // who changes something just now is still heard
    sent = changes;
    const asked = { epoch, ...choice() };
    const isOf = () => sent === changes || (!file && asked.epoch === epoch && Object.entries(choice()).every(([k, v]) => asked[k] === v));
    try {
      const next = isEmpty() ? null : await readOnce(await request());
      if (isOf()) shown(next);
    } catch (error) {
      if (isOf() && !canvas.isDrawing()) shown(null, error); // what has only begun need not be a digit yet
    }
  }
}

// A picture takes the place of what is on the board once it could be read; until then, and if not, that stays.
async function picture(chosen) {
  const mine = ++epoch, before = changes;
  try {
    const copy = chosen.isWorkbook === undefined ? await opened(chosen) : chosen;
    const next = await readOnce({ body: copy, name: copy.name, query: { ...choice(), pick: 1, pictures: 1 } });
    if (mine !== epoch || before !== changes) return; // somebody draws already
    remember();
    put({ strokes: [], file: copy, pick: 0 });
    touched();
    shown(next);
  } catch (error) {
    wrong(error);
  }
}

async function opened(chosen) {
  try {
    return await read(chosen);
  } catch {
    throw Object.assign(new Error(say("unreadable", chosen.name)), { ours: true });
  }
}

async function sample() {
  const chosen = at("samples").value;
  if (chosen === "") return;
  try {
    await picture(new File([await (await ask(`/sample/${chosen}`, choice())).blob()], `sample-${chosen}.png`));
  } catch (error) {
    wrong(error);
  }
}

async function taken(chosen, kind) {
  try {
    const copy = await opened(chosen);
    await ((kind || (copy.isWorkbook ? "workbook" : "picture")) === "workbook" ? verify(copy) : picture(copy));
  } catch (error) {
    wrong(error);
  }
}

// ---- what comes back ----

function wrong(error) {
  const line = at("message");
  line.textContent = error?.message ?? "";
  line.lang = error?.ours ? document.documentElement.lang : "en";
}

function shown(next, error = null) {
  found = next;
  if (error) wrong(error); // and what was said of a file stays until something changes
  at("empty").hidden = !!next;
  at("answer").hidden = at("result").hidden = !next?.answer;
  for (const id of ["reads", "layers", "stages"]) at(id).hidden = !next;
  several(next, (chosen) => { pick = chosen; epoch++; changed(); });
  allow(at("download"), !!next && !making);
  document.title = next?.answer ? `${sentence(next.answer)} – xlcnn` : "xlcnn";
  clearTimeout(calm);
  if (!next) return;
  if (next.answer) answered(next.answer);
  reads(next, file);
  next.layers.forEach((one, k) => layer(one, k, next.answer?.classes, start.colours));
  while (at("layer-list").children.length > next.layers.length) at("layer-list").lastChild.remove();
  calm = setTimeout(() => { at("spoken").textContent = next.answer ? sentence(next.answer) : ""; }, CALM);
}

// ---- workbooks ----

// A button that is busy keeps the focus, so it is not disabled, but does nothing.
function allow(button, may) { button.setAttribute("aria-disabled", !may); }
const may = (button) => button.getAttribute("aria-disabled") !== "true";

let making = false;

async function workbook() {
  if (!may(at("download"))) return;
  making = true;
  allow(at("download"), false);
  at("downloaded").textContent = say("making");
  try {
    while (reading) await reading;
    if (!found) return;
    const label = found.answer ? found.answer.classes[found.answer.label] : "digit";
    const wanted = [...Object.entries(choice()), ...(found.digits > 1 ? [["pick", found.pick]] : [])];
    if (at("learning").checked && template().learning) wanted.push(["with", "learning"]);
    const { body, name } = await request();
    const answer = await ask("/workbook", wanted, body, name);
    const target = `digit-${label.replace(/[^\p{L}\p{N}]+/gu, "-")}.xlsx`;
    download(await answer.blob(), target);
    at("downloaded").textContent = say("downloaded", target);
  } catch (error) {
    at("downloaded").textContent = error.message;
  } finally {
    making = false;
    if (!found) at("downloaded").textContent = "";
    allow(at("download"), !!found);
  }
}

async function verify(chosen) {
  const button = at("choose-workbook"), verdict = at("verdict");
  if (!may(button)) return;
  allow(button, false);
  verdict.className = "";
  verdict.lang = document.documentElement.lang;
  verdict.textContent = say("verifying", chosen.name.replace(/\p{C}/gu, "?"));
  at("report").replaceChildren();
  at("check").scrollIntoView({ block: "nearest" });
  try {
    const report = await (await ask("/verify", {}, chosen, chosen.name)).json();
    verdict.lang = "en";
    verdict.className = report.ok ? "ok" : "bad";
    verdict.textContent = report.verdict;
    at("report").replaceChildren(...problems(report), ...table(report));
  } catch (error) {
    verdict.lang = error.ours ? verdict.lang : "en";
    verdict.className = "bad";
    verdict.textContent = error.message;
  }
  allow(button, true);
}

// ---- choices ----

function options(select, pairs) {
  const kept = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text })));
  if (pairs.some(([value]) => value === kept)) select.value = kept;
}

function called(code) {
  try {
    const tag = code.replaceAll("_", "-"), name = new Intl.DisplayNames([tag], { type: "language" }).of(tag);
    return name[0].toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return code;
  }
}

function choices() {
  const { languages, learning, samples } = template();
  options(at("language"), languages.map((code) => [code, called(code)]));
  at("learning-label").hidden = !learning;
  at("samples-label").hidden = !samples;
  speech(start.words, at("language").value);
  const numbers = Array.from({ length: samples }, (_, k) => [String(k), k < 10 ? String(k) : say("hard", k)]);
  options(at("samples"), [["", "–"], ...numbers]);
  at("spoken").textContent = "";
  history.replaceState(null, "", `?${new URLSearchParams(choice())}`);
  if (!isEmpty()) changed();
}

async function begin() {
  const answer = await fetch("/start");
  if (!answer.ok) throw new Error(await answer.text());
  start = await answer.json();
  const asked = new URLSearchParams(location.search);
  const wanted = { template: asked.get("template") ?? start.first, language: asked.get("language") ?? start.language };
  options(at("template"), start.templates.map(({ name }) => [name, name]));
  at("template").value = start.templates.some(({ name }) => name === wanted.template) ? wanted.template : start.first;
  options(at("language"), [[wanted.language, ""]]);
  for (const kind of ["negative", "zero", "positive"]) at(kind).style.background = start.colours[kind];
  choices();
  shown(null);
  changed();

  at("template").addEventListener("change", choices);
  at("language").addEventListener("change", choices);
  at("undo").addEventListener("click", undo);
  at("clear").addEventListener("click", clear);
  at("open").addEventListener("click", () => at("file").click());
  at("choose-workbook").addEventListener("click", () => { if (may(at("choose-workbook"))) at("workbook-file").click(); });
  at("samples").addEventListener("change", sample);
  at("download").addEventListener("click", workbook);
  at("stages").addEventListener("toggle", () => { if (at("stages").open && found && !found.pictures) changed(); });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    undo();
  });
  addEventListener("beforeunload", (event) => { if (!isEmpty()) event.preventDefault(); });
  takeFiles(at("file"), at("workbook-file"), taken, at("dropping"));
  camera(at("camera"), at("camera-dialog"), picture, () => say("no_camera"));
  document.body.dataset.ready = "";
}

begin().catch(wrong);
