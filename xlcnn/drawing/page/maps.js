// Numbers as heat maps, in the workbook's own colours: one scale for all maps of a layer.

export const numbers = (text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

function mixed(from, to, share) {
  return from.map((value, k) => value + (to[k] - value) * Math.min(Math.max(share, 0), 1));
}

// A canvas of one map: values from `first` on, row by row; `colour` gives a value's red, green and blue.
function drawn(canvas, values, first, height, width, colour) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let k = 0; k < height * width; k++) {
    const inside = first + k < values.length;
    image.data.set(inside ? [...colour(values[first + k]), 255] : [0, 0, 0, 0], 4 * k);
  }
  context.putImageData(image, 0, 0);
}

export function heat(values, signed, colours) {
  let bound = 0;
  for (const value of values) bound = Math.max(bound, signed ? Math.abs(value) : value);
  const [zero, negative, positive] = [rgb(colours.zero), rgb(colours.negative), rgb(colours.positive)];
  return (value) => mixed(zero, value < 0 ? negative : positive, bound ? Math.abs(value) / bound : 0);
}

export const ink = (value) => mixed([255, 255, 255], [11, 20, 32], value);

// How a vector is laid out: one line, or lines that make a rectangle.
const columns = (count) => (count <= 16 ? count : Math.ceil(Math.sqrt(count * 4)));

// One canvas for each map into `home`, which keeps those that it has; `label` says in words what a map shows.
export function show(home, shape, values, colour, label, tip) {
  const [count, rows, cols] = shape;
  const vector = count === 1 && rows === 1;
  const width = vector ? columns(cols) : cols, height = vector ? Math.ceil(cols / width) : rows;
  while (home.children.length > count) home.lastChild.remove();
  while (home.children.length < count) home.append(document.createElement("canvas"));
  const side = vector ? Math.min(width * 1.75, 35) : count <= 2 ? 9.75 : count <= 8 ? 8.75 : count <= 16 ? 7 : 5.25; // of a map, in rem
  home.classList.toggle("few", !vector && count === 2);
  home.classList.toggle("many", count > 2);
  for (let k = 0; k < count; k++) {
    const canvas = home.children[k], first = k * rows * cols, mine = values.subarray(first, first + rows * cols);
    drawn(canvas, values, first, height, width, colour);
    canvas.style.width = `${side}rem`;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label(k, mine));
    canvas.onpointermove = (event) => {
      const box = canvas.getBoundingClientRect();
      const row = Math.floor((event.clientY - box.top) / box.height * height);
      const col = Math.floor((event.clientX - box.left) / box.width * width);
      const at = row * width + col;
      if (row < 0 || col < 0 || row >= height || col >= width || at >= mine.length) return tip(null);
      tip(event, vector ? [at + 1] : [row + 1, col + 1], mine[at]);
    };
    canvas.onpointerleave = () => tip(null);
  }
}

export function colourPicture(home, shape, values, label) {
  const [, height, width] = shape;
  home.replaceChildren(document.createElement("canvas"));
  const canvas = home.firstChild, context = Object.assign(canvas, { width, height }).getContext("2d");
  const image = context.createImageData(width, height), size = width * height;
  for (let k = 0; k < size; k++) image.data.set([0, 1, 2].map((c) => values[c * size + k] * 255).concat(255), 4 * k);
  context.putImageData(image, 0, 0);
  canvas.style.width = "9.75rem";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
}
