// The board: strokes by mouse, finger, pen or keyboard. A stroke is a list of points; what is drawn is made from them alone.
// `begin` is called before a stroke begins, `changed` after each point of it, `told` with what a screen reader should say.

const PEN = 24, STEP = 12, FINE = 3;

export function board(canvas, { begin, undo, clear, changed, told }) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let strokes = [];
  let cursor = { x: canvas.width / 2, y: canvas.height / 2 }, keyboard = false, penDown = false, pointer = null;

  function paint() {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = "#000";
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(stroke[0].x, stroke[0].y);
      if (stroke.length === 1) context.lineTo(stroke[0].x, stroke[0].y + 0.01);
      for (const point of stroke.slice(1)) context.lineTo(point.x, point.y);
      context.stroke();
    }
  }

  function show() {
    paint();
    if (!keyboard || document.activeElement !== canvas) return;
    context.beginPath();
    context.arc(cursor.x, cursor.y, PEN / 2, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = context.fillStyle = "#7a1fa2";
    context.stroke();
    if (penDown) context.fill();
  }

  function stroke(point) {
    begin();
    strokes.push([point]);
  }

  function lift() {
    if (!penDown) return;
    told("pen_up");
    penDown = false;
    changed();
  }

  // ---- mouse, finger, pen: one at a time ----

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pointer !== null || !event.isPrimary) return;
    event.preventDefault();
    canvas.toggleAttribute("data-pointer", true); // no ring and no help for the keyboard
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    keyboard = false;
    lift();
    stroke(place(event));
    pointer = event.pointerId;
    show();
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    if (!(event.buttons & 1)) { pointer = null; return changed(); }
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) strokes.at(-1).push(place(each));
    show();
    changed();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      changed();
    });
  }

  // ---- keyboard ----

  const within = (value, most) => Math.min(Math.max(value, PEN / 2), most - PEN / 2);

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? FINE : STEP;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      cursor = { x: within(cursor.x + move[0], canvas.width), y: within(cursor.y + move[1], canvas.height) };
      if (penDown) { strokes.at(-1).push(cursor); changed(); }
    } else if (event.key === " " || event.key === "Enter") {
      if (penDown) lift();
      else {
        stroke(cursor);
        penDown = true;
        told("pen_down", Math.ceil(cursor.y / STEP), Math.ceil(cursor.x / STEP));
        changed();
      }
    } else if (event.key === "Backspace") undo();
    else if (event.key === "Delete") clear();
    else return;
    event.preventDefault();
    canvas.removeAttribute("data-pointer");
    keyboard = true;
    show();
  });
  canvas.addEventListener("focus", () => { keyboard = canvas.matches(":focus-visible") && pointer === null; show(); });
  canvas.addEventListener("blur", () => { lift(); paint(); canvas.removeAttribute("data-pointer"); });

  paint();
  return {
    isDrawing: () => pointer !== null || penDown,
    isEmpty: () => strokes.length === 0,
    strokes: () => [...strokes],
    // Other strokes in place of those that are there.
    put(others) {
      penDown = false;
      pointer = null;
      strokes = [...others];
      show();
    },
    // A PNG of the strokes, without the keyboard's cursor.
    picture() {
      paint();
      const done = new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      show();
      return done;
    },
  };
}
