// Files that come from outside: chosen, dropped, pasted, photographed; and the one that is downloaded.

const isWorkbook = (file) => /\.xlsx$/i.test(file.name) || file.type.includes("spreadsheetml");

export function takeFiles(chosen, onPicture, onWorkbook, dropping) {
  const take = (file) => file && (isWorkbook(file) ? onWorkbook(file) : onPicture(file));
  for (const input of chosen) {
    input.addEventListener("change", () => { take(input.files[0]); input.value = ""; });
  }
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => { if (carries(event)) { depth++; dropping.hidden = false; } });
  addEventListener("dragleave", (event) => { if (carries(event) && --depth <= 0) { depth = 0; dropping.hidden = true; } });
  addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    depth = 0;
    dropping.hidden = true;
    if (!carries(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (file) { event.preventDefault(); take(file); }
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
