// Files that come from outside: chosen, dropped, pasted, photographed; and the one that is downloaded.

const ZIP = "504b0304", OLD_OFFICE = "d0cf11e0"; // how workbooks begin, of Excel and of others, whatever their names are

// A copy of a file's bytes: what is changed, moved or deleted afterwards, and folders, would be read in vain. Throws.
export async function read(file) {
  const copy = new File([await file.arrayBuffer()], file.name, { type: file.type });
  const head = new Uint8Array(await copy.slice(0, 4).arrayBuffer());
  copy.isWorkbook = [ZIP, OLD_OFFICE].includes([...head].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return copy;
}

// `onFile` is called with each file and with what it was chosen as: "picture", "workbook", or "" where that is to be seen.
export function takeFiles(pictures, workbooks, onFile, dropping) {
  for (const [input, kind] of [[pictures, "picture"], [workbooks, "workbook"]]) {
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = "";
      if (file) onFile(file, kind);
    });
  }
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => { if (carries(event)) { depth++; dropping.hidden = false; } });
  addEventListener("dragleave", (event) => { if (carries(event) && --depth <= 0) { depth = 0; dropping.hidden = true; } });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault(); // a link or a text would lead away from the page
    depth = 0;
    dropping.hidden = true;
    const [file] = event.dataTransfer.files;
    if (file) onFile(file, "");
  });
  addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (file) { event.preventDefault(); onFile(file, ""); }
  });
}

// The camera, in a dialog; it is on only while the dialog is open.
export function camera(button, dialog, onPicture, failed) {
  if (!navigator.mediaDevices?.getUserMedia) return;
  const video = dialog.querySelector("video"), error = dialog.querySelector("[role=alert]");
  const [shoot, close] = dialog.querySelectorAll("button");
  let stream = null;
  button.hidden = false;
  button.addEventListener("click", async () => {
    error.textContent = "";
    dialog.showModal();
    try {
      const found = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (!dialog.open) return found.getTracks().forEach((track) => track.stop());
      video.srcObject = stream = found;
    } catch {
      error.textContent = failed();
    }
  });
  shoot.addEventListener("click", () => {
    if (!video.videoWidth) return;
    const still = document.createElement("canvas");
    still.width = video.videoWidth;
    still.height = video.videoHeight;
    still.getContext("2d").drawImage(video, 0, 0);
    still.toBlob((blob) => onPicture(new File([blob], "photograph.png", { type: "image/png" })), "image/png");
    dialog.close();
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = stream = null;
  });
}

export function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
