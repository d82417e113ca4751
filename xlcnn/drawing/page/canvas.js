// The board: strokes by mouse, finger, pen or keyboard. A stroke is a list of points; what is drawn is made from them alone.

const PEN = 24, STEP = 12, FINE = 3;

export function board(canvas, changed, told) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const pointers = new Map();
  let strokes = [];
  let cursor = { x: canvas.width / 2, y: canvas.height / 2 }, keyboard = false, penDown = false;

  function paint() {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = context.fillStyle = "#000";
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

  function showCursor() {
    paint();
    if (!keyboard || document.activeElement !== canvas) return;
    context.beginPath();
    context.arc(cursor.x, cursor.y, PEN / 2, 0, 2 * Math.PI);
    context.lineWidth = 3;
    context.strokeStyle = "#7a1fa2";
    context.stroke();
    if (penDown) { context.fillStyle = "#7a1fa2"; context.fill(); }
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    keyboard = false;
    lift();
    const stroke = [place(event)];
    strokes.push(stroke);
    pointers.set(event.pointerId, stroke);
    showCursor();
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    const stroke = pointers.get(event.pointerId);
    if (!stroke) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) stroke.push(place(each));
    showCursor();
    changed();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => pointers.delete(event.pointerId));

  const within = (value, most) => Math.min(Math.max(value, PEN / 2), most - PEN / 2);

  function lift() {
    if (penDown) told("pen_up");
    penDown = false;
  }

  canvas.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? FINE : STEP;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() !== "z") return;
      undo();
    } else if (move) {
      cursor = { x: within(cursor.x + move[0], canvas.width), y: within(cursor.y + move[1], canvas.height) };
      if (penDown) { strokes.at(-1).push(cursor); changed(); }
    } else if (event.key === " " || event.key === "Enter") {
      if (penDown) lift();
      else { penDown = true; strokes.push([cursor]); told("pen_down"); changed(); }
    } else if (event.key === "Backspace") undo();
    else if (event.key === "Delete") clear();
    else return;
    event.preventDefault();
    keyboard = true;
    showCursor();
  });
  canvas.addEventListener("focus", () => { keyboard = canvas.matches(":focus-visible"); showCursor(); });
  canvas.addEventListener("blur", () => { lift(); paint(); });

  function undo() {
    if (!strokes.length) return;
    penDown = false;
    pointers.clear();
    strokes.pop();
    showCursor();
    changed();
  }

  function clear() {
    penDown = false;
    pointers.clear();
    strokes = [];
    showCursor();
    changed();
  }

  paint();
  return {
    undo,
    clear,
    isEmpty: () => strokes.length === 0,
    // A PNG of the strokes, without the keyboard's cursor.
    picture() {
      paint();
      const done = new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      showCursor();
      return done;
    },
  };
}
