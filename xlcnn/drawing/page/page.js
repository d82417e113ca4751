// The page: what is drawn or dropped goes to this machine's own server, and what the network makes of it is shown.

import { board } from "./canvas.js";
import { camera, download, takeFiles } from "./files.js";
import { colourPicture, heat, ink, numbers, show } from "./maps.js";

const at = (id) => document.getElementById(id);
const CALM = 700; // milliseconds without a change until the answer is spoken
const NAME = 200; // characters of a file's name that are sent

let start, words = {}, file = null, pick = 0, found = null, changes = 0, asked = 0, busy = false, calm = 0;

const template = () => start.templates.find((each) => each.name === at("template").value);

// A sentence of the page's words, with {0}, {1}, … filled in.
const say = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, k) => values[k]);

const percent = (share, digits = 1) =>
  new Intl.NumberFormat(at("language").value, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share);

const decimal = (value) => new Intl.NumberFormat(at("language").value, { maximumSignificantDigits: 4 }).format(value);

async function ask(path, query, body, name = "") {
  const headers = name ? { "X-File-Name": encodeURIComponent(name.slice(-NAME)) } : {};
  let answer;
  try {
    answer = await fetch(`${path}?${new URLSearchParams(query)}`, body ? { method: "POST", body, headers } : {});
  } catch {
    throw new Error(words.gone ?? "xlcnn draw has ended");
  }
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

const query = () => ({ template: at("template").value, language: at("language").value });

// ---- what is drawn, and what comes back ----

const canvas = board(at("canvas"), () => { file = null; pick = 0; changed(); }, (key) => { at("spoken").textContent = words[key]; });

const isEmpty = () => !file && canvas.isEmpty();

function changed() {
  changes++;
  at("hint").hidden = !isEmpty();
  at("preview").hidden = !file;
  at("downloaded").textContent = "";
  if (!busy) read();
}

// One request at a time, and always one more after the last change.
async function read() {
  busy = true;
  while (asked !== changes) {
    asked = changes;
    try {
      if (isEmpty()) shown(null);
      else {
        const pictures = file || at("stages").open ? 1 : 0;
        const body = file ?? await canvas.picture();
        const answer = await ask("/read", { ...query(), pick: pick || 1, pictures }, body, file?.name);
        const next = await answer.json();
        if (asked === changes || !file) shown(next);
      }
    } catch (error) {
      shown(null, error.message);
    }
  }
  busy = false;
}

function shown(next, message = "") {
  found = next;
  at("message").textContent = message;
  at("message").hidden = !message;
  at("empty").hidden = !!(next || message);
  at("download").disabled = !next;
  at("answer").hidden = !next?.answer;
  for (const id of ["reads", "layers"]) at(id).hidden = !next;
  at("result").hidden = !!next && !next.answer;
  several(next);
  clearTimeout(calm);
  if (!next) {
    if (message) at("spoken").textContent = "";
    return;
  }
  if (next.answer) answered(next.answer);
  reads(next);
  next.layers.forEach(layer);
  while (at("layer-list").children.length > next.layers.length) at("layer-list").lastChild.remove();
  calm = setTimeout(() => { at("spoken").textContent = next.answer ? sentence(next.answer) : ""; }, CALM);
}

function sentence({ verdict, label, second, classes, probabilities: p }) {
  if (verdict === "sure") return say("sure", classes[label], percent(p[label]));
  const first = `${classes[label]} (${percent(p[label], 0)})`;
  if (verdict === "no digit") return say("no_digit", first);
  return say("unsure", first, `${classes[second]} (${percent(p[second], 0)})`);
}

function answered(answer) {
  const name = answer.classes[answer.label];
  at("label").textContent = name;
  at("label").classList.toggle("long", name.length > 3);
  at("label").classList.toggle("doubtful", answer.verdict !== "sure");
  at("sentence").textContent = sentence(answer);
  const bars = at("bars");
  if (bars.children.length !== answer.classes.length) {
    bars.replaceChildren(...answer.classes.map(() => {
      const line = document.createElement("li"), bar = document.createElement("span"), share = document.createElement("span");
      bar.className = "bar";
      bar.append(document.createElement("span"));
      share.className = "share";
      line.append(document.createElement("span"), bar, share);
      return line;
    }));
  }
  answer.probabilities.forEach((p, k) => {
    const [called, bar, share] = bars.children[k].children;
    called.textContent = answer.classes[k];
    bar.firstChild.style.width = `${100 * p}%`;
    share.textContent = percent(p);
  });
}

function several(next) {
  const count = next?.digits ?? 1;
  at("several").hidden = count < 2;
  if (count < 2) return;
  at("several-legend").textContent = say("several", count);
  if (at("picks").children.length !== count) {
    at("picks").replaceChildren(...Array.from({ length: count }, (_, k) => {
      const label = document.createElement("label"), radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: "pick", value: k + 1 });
      radio.addEventListener("change", () => { pick = k + 1; changed(); });
      label.append(radio, String(k + 1));
      return label;
    }));
  }
  at("picks").children[next.pick - 1].firstChild.checked = true;
}

function reads(next) {
  const { shape, values } = next.read, data = numbers(values);
  const label = say("read_map", shape[1], shape[2]);
  if (shape[0] === 3) colourPicture(at("read"), shape, data, label);
  else show(at("read"), shape, data, ink, () => label, tip);
  at("stages").hidden = false;
  if (!next.pictures) return;
  const source = (png) => `data:image/png;base64,${png}`;
  if (file) at("preview").src = source(next.pictures.picture);
  at("stage-pictures").replaceChildren(...Object.entries(next.pictures).map(([stage, png]) => {
    const figure = document.createElement("figure"), image = document.createElement("img"), caption = document.createElement("figcaption");
    image.src = source(png);
    image.alt = caption.textContent = words[`stage_${stage}`] ?? stage;
    figure.append(image, caption);
    return figure;
  }));
}

function layer(one, k) {
  const home = at("layer-list");
  let section = home.children[k];
  if (!section) {
    section = document.createElement("section");
    section.className = "layer";
    const head = document.createElement("h3"), does = document.createElement("p"), maps = document.createElement("div");
    head.append(document.createElement("span"), " ", document.createElement("span"));
    head.lastChild.className = "shape";
    maps.className = "maps";
    const names = document.createElement("div");
    names.className = "names";
    names.ariaHidden = "true";
    section.append(head, does, maps, names);
    home.append(section);
  }
  const [head, does, maps, names] = section.children, values = numbers(one.values);
  const classes = one.shape.length === 1 && one.shape[0] === found.answer?.classes.length ? found.answer.classes : null;
  head.firstChild.textContent = one.title;
  const some = one.maps > one.shown[0] ? ` ${say("some", one.shown[0], one.maps)}` : "";
  head.lastChild.textContent = one.shape.join(" × ") + some;
  does.textContent = one.does;
  show(maps, one.shown, values, heat(values, one.signed, start.colours), (map, mine) => {
    let low = Infinity, high = -Infinity;
    for (const value of mine) { low = Math.min(low, value); high = Math.max(high, value); }
    return say("map", map + 1, decimal(low), decimal(high));
  }, (event, place, value) => tip(event, classes && place ? [classes[place[0] - 1]] : place, value));
  names.hidden = !classes || classes.length > 16;
  names.style.width = maps.firstChild.style.width;
  if (!names.hidden) names.replaceChildren(...classes.map((name) => Object.assign(document.createElement("span"), { textContent: name })));
}

function tip(event, place, value) {
  at("tip").hidden = !event;
  if (!event) return;
  at("tip").textContent = say(place.length === 2 ? "cell" : typeof place[0] === "string" ? "class" : "element", ...place, decimal(value));
  const { clientX: x, clientY: y } = event, { offsetWidth: width } = at("tip");
  at("tip").style.left = `${Math.min(x + 14, innerWidth - width - 4)}px`;
  at("tip").style.top = `${y + 18}px`;
}

// ---- files ----

function picture(chosen) {
  canvas.clear();
  file = chosen;
  at("preview").removeAttribute("src");
  pick = 0;
  changed();
}

async function sample() {
  const chosen = at("samples").value;
  if (chosen === "") return;
  at("samples").value = "";
  try {
    const answer = await ask(`/sample/${chosen}`, query());
    picture(new File([await answer.blob()], `sample-${chosen}.png`));
  } catch (error) {
    shown(null, error.message);
  }
}

async function workbook() {
  const button = at("download"), label = found.answer ? found.answer.classes[found.answer.label] : "digit";
  button.disabled = true;
  at("downloaded").textContent = words.making;
  try {
    const parts = at("learning").checked && template().learning ? { with: "learning" } : {};
    const body = file ?? await canvas.picture();
    const several = found.digits > 1 ? { pick: found.pick } : {};
    const answer = await ask("/workbook", { ...query(), ...several, ...parts }, body, file?.name);
    const name = `digit-${label.replace(/[^\p{L}\p{N}]+/gu, "-")}.xlsx`;
    download(await answer.blob(), name);
    at("downloaded").textContent = say("downloaded", name);
  } catch (error) {
    at("downloaded").textContent = error.message;
  }
  button.disabled = !found;
}

async function verify(chosen) {
  if (at("choose-workbook").disabled) return;
  const verdict = at("verdict");
  verdict.className = "";
  verdict.textContent = say("verifying", chosen.name);
  at("report").replaceChildren();
  at("check").scrollIntoView({ block: "start" });
  at("choose-workbook").disabled = true;
  try {
    const report = await (await ask("/verify", {}, chosen, chosen.name)).json();
    verdict.className = report.ok ? "ok" : "bad";
    verdict.textContent = report.verdict;
    at("report").replaceChildren(...problems(report), ...table(report));
  } catch (error) {
    verdict.className = "bad";
    verdict.textContent = error.message;
  }
  at("choose-workbook").disabled = false;
}

function problems(report) {
  if (!report.problems.length) return [];
  const list = document.createElement("ul");
  const lines = report.more ? [...report.problems, say("more", report.more)] : report.problems;
  list.append(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  list.lang = "en";
  return [list];
}

function table(report) {
  if (!report.sheets.length) return [];
  const made = document.createElement("table"), head = made.createTHead().insertRow();
  const columns = ["sheet", "cells", "formulas", "largest", "verdict"];
  for (const name of columns) {
    const cell = Object.assign(document.createElement("th"), { textContent: words[`head_${name}`], scope: "col" });
    if (!["sheet", "verdict"].includes(name)) cell.className = "n";
    head.append(cell);
  }
  const rows = made.createTBody();
  for (const sheet of report.sheets) {
    const row = rows.insertRow();
    row.className = sheet.ok ? "" : "bad";
    for (const name of columns) {
      const cell = row.insertCell();
      cell.textContent = sheet[name];
      if (!["sheet", "verdict"].includes(name)) cell.className = "n";
    }
  }
  return [made];
}

// ---- words and choices ----

function speak() {
  const language = at("language").value;
  words = start.words[language] ?? start.words.en;
  document.documentElement.lang = start.words[language] ? language : "en";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words[element.dataset.label]);
  options(at("samples"), [["", words.sample_none], ...Array.from({ length: template().samples }, (_, k) => [String(k), k < 10 ? String(k) : say("hard", k)])]);
  at("spoken").textContent = "";
}

function options(select, pairs) {
  const kept = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text })));
  if (pairs.some(([value]) => value === kept)) select.value = kept;
}

function choices() {
  const { languages, learning, samples } = template();
  const called = (code) => {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code);
    return name[0].toLocaleUpperCase(code) + name.slice(1);
  };
  options(at("language"), languages.map((code) => [code, called(code)]));
  at("learning-label").hidden = !learning;
  at("samples-label").hidden = !samples;
  speak();
  if (!isEmpty()) changed();
}

start = await (await fetch("/start")).json();
options(at("template"), start.templates.map(({ name }) => [name, name]));
at("template").value = start.first;
options(at("language"), [[start.language, ""]]);
for (const kind of ["negative", "zero", "positive"]) at(kind).style.background = start.colours[kind];
choices();
shown(null);
at("hint").hidden = false;

at("template").addEventListener("change", choices);
at("language").addEventListener("change", choices);
at("undo").addEventListener("click", () => (file ? canvas.clear() : canvas.undo()));
at("clear").addEventListener("click", () => canvas.clear());
at("open").addEventListener("click", () => at("file").click());
at("choose-workbook").addEventListener("click", () => at("workbook-file").click());
at("samples").addEventListener("change", sample);
at("download").addEventListener("click", workbook);
at("stages").addEventListener("toggle", () => { if (at("stages").open && found && !found.pictures) changed(); });
takeFiles([at("file"), at("workbook-file")], picture, verify, at("dropping"));
camera(at("camera"), at("camera-dialog"), picture, () => words.no_camera);
document.body.dataset.ready = "";
