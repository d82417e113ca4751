// What came back, as it is shown: the answer, what the network reads, the layers, a report.

import { colourPicture, heat, ink, numbers, show } from "./maps.js";
import { at, decimal, percent, say } from "./words.js";

const made = (kind, properties = {}) => Object.assign(document.createElement(kind), properties);

export function sentence({ verdict, label, second, classes, probabilities: p }) {
  if (verdict === "sure") return say("sure", classes[label], percent(p[label]));
  const first = `${classes[label]} (${percent(p[label], 0)})`;
  if (verdict === "no digit") return say("no_digit", first);
  return say("unsure", first, `${classes[second]} (${percent(p[second], 0)})`);
}

export function answered(answer) {
  const name = answer.verdict === "no digit" ? "?" : answer.classes[answer.label];
  at("label").textContent = name;
  at("label").classList.toggle("long", name.length > 3);
  at("label").classList.toggle("doubtful", answer.verdict !== "sure");
  at("sentence").textContent = sentence(answer);
  const bars = at("bars");
  if (bars.children.length !== answer.classes.length) {
    bars.replaceChildren(...answer.classes.map(() => {
      const line = made("li"), bar = made("span", { className: "bar" });
      bar.append(made("span"));
      line.append(made("span", { className: "name" }), bar, made("span", { className: "share" }));
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

// Which of several digits is read; `chosen` is called with another one.
export function several(next, chosen) {
  const count = next?.digits ?? 1;
  at("several").hidden = count < 2;
  if (count < 2) return;
  at("several-legend").textContent = say("several", count);
  if (at("picks").children.length !== count) {
    at("picks").replaceChildren(...Array.from({ length: count }, (_, k) => {
      const label = made("label"), radio = made("input", { type: "radio", name: "pick", value: k + 1 });
      radio.addEventListener("change", () => chosen(k + 1));
      label.append(radio, String(k + 1));
      return label;
    }));
  }
  at("picks").children[next.pick - 1].firstChild.checked = true;
}

export function reads(next, file) {
  const { shape, values } = next.read, data = numbers(values);
  const label = say("read_map", shape[1], shape[2]);
  if (shape[0] === 3) colourPicture(at("read"), shape, data, label);
  else show(at("read"), shape, data, ink, () => label, tip);
  if (!next.pictures) return;
  const source = (png) => `data:image/png;base64,${png}`;
  if (file) at("preview").src = source(next.pictures.picture);
  at("stage-pictures").replaceChildren(...Object.entries(next.pictures).map(([stage, png]) => {
    const figure = made("figure"), words = say(`stage_${stage}`);
    figure.append(made("img", { src: source(png), alt: words }), made("figcaption", { textContent: words }));
    return figure;
  }));
}

function newLayer() {
  const section = made("section", { className: "layer" }), head = made("h3");
  head.append(made("span"), " ", made("span", { className: "shape" }));
  section.append(head, made("p"), made("div", { className: "maps" }), made("div", { className: "names", ariaHidden: "true" }));
  at("layer-list").append(section);
  return section;
}

export function layer(one, k, classes, colours) {
  const [head, does, maps, names] = (at("layer-list").children[k] ?? newLayer()).children, values = numbers(one.values);
  const called = one.shape.length === 1 && one.shape[0] === classes?.length ? classes : null;
  const cut = one.shown[2] < one.shape.at(-1) ? say("some_numbers", one.shown[2]) : one.maps > one.shown[0] ? say("some", one.shown[0], one.maps) : "";
  head.firstChild.textContent = one.title;
  head.lastChild.textContent = `${one.shape.join(" × ")} ${cut}`;
  does.textContent = one.does;
  show(maps, one.shown, values, heat(values, one.signed, colours), (map, mine) => {
    let low = Infinity, high = -Infinity;
    for (const value of mine) { low = Math.min(low, value); high = Math.max(high, value); }
    return say("map", map + 1, decimal(low), decimal(high));
  }, (event, place, value) => tip(event, called && place ? [called[place[0] - 1]] : place, value));
  names.hidden = !called || called.length > 16;
  names.style.width = maps.firstChild.style.width;
  if (!names.hidden) names.replaceChildren(...called.map((name) => made("span", { textContent: name })));
}

// The number under the mouse; none without an event.
export function tip(event, place, value) {
  const box = at("tip");
  box.hidden = !event;
  if (!event) return;
  box.textContent = say(place.length === 2 ? "cell" : typeof place[0] === "string" ? "class" : "element", ...place, decimal(value));
  box.style.left = `${Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 4)}px`;
  box.style.top = `${event.clientY + 18}px`;
}

// ---- a report ----

export function problems(report) {
  if (!report.problems.length) return [];
  const list = made("ul", { lang: "en" });
  list.append(...report.problems.map((text) => made("li", { textContent: text })));
  if (report.more) list.append(made("li", { textContent: say("more", report.more), lang: document.documentElement.lang }));
  return [list];
}

export function table(report) {
  if (!report.sheets.length) return [];
  const whole = made("table"), head = whole.createTHead().insertRow(), rows = whole.createTBody();
  const columns = ["sheet", "cells", "formulas", "largest", "verdict"], words = ["sheet", "verdict"];
  for (const name of columns) {
    head.append(made("th", { textContent: say(`head_${name}`), scope: "col", className: words.includes(name) ? "" : "n" }));
  }
  for (const sheet of report.sheets) {
    const row = rows.insertRow();
    row.className = sheet.ok ? "" : "bad";
    for (const name of columns) {
      const cell = row.insertCell();
      Object.assign(cell, { textContent: sheet[name], className: words.includes(name) ? "" : "n" });
      if (name === "verdict") cell.lang = "en";
    }
  }
  return [whole];
}
