// The page's words in the language that is chosen, and how numbers are written in it.

let words = {}, language = "en";

export const at = (id) => document.getElementById(id);

// A sentence with {0}, {1}, … filled in.
export const say = (key, ...values) => (words[key] ?? key).replace(/\{(\d)\}/g, (_, k) => values[k]);

const number = (value, options) => new Intl.NumberFormat(language, options).format(value);

export const percent = (share, digits = 1) =>
  `${number(100 * share, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0%`;

export const decimal = (value) => number(value, { maximumSignificantDigits: 4 });

// Every word of the page in this language; in English, where the page does not speak it.
export function speech(all, code) {
  language = code.replaceAll("_", "-");
  words = all[code] ?? all.en;
  document.documentElement.lang = all[code] ? code : "en";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", words[element.dataset.label]);
}
