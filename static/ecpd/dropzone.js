// A file input as an area to drop files on. Without this script the plain input stays and works.
(function () {
  "use strict";
  const units = ["bytes", "KB", "MB", "GB"];

  function size(bytes) {
    let power = 0;
    let value = bytes;
    while (value >= 1024 && power < units.length - 1) { value /= 1024; power += 1; }
    return `${power ? value.toFixed(1) : value} ${units[power]}`;
  }

  function row(file) {
    const item = document.createElement("li");
    if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
      item.append(picture);
    }
    const words = document.createElement("span");
    words.textContent = `${file.name}, ${size(file.size)}`;
    item.append(words);
    return item;
  }

  function start(zone) {
    const input = zone.querySelector('input[type="file"]');
    const list = zone.querySelector("[data-dropzone-list]");
    if (!input || zone.classList.contains("is-live")) return;
    zone.classList.add("is-live");
    zone.querySelector("[data-dropzone-say]").hidden = false;
    const over = (on) => zone.classList.toggle("is-over", on);
    const show = () => list.replaceChildren(...Array.from(input.files, row));
    input.addEventListener("change", show);
    zone.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
    zone.addEventListener("dragleave", () => over(false));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      const dropped = new DataTransfer();
      const files = Array.from(event.dataTransfer.files);
      (input.multiple ? files : files.slice(0, 1)).forEach((file) => dropped.items.add(file));
      if (!dropped.files.length) return;
      input.files = dropped.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    show();
  }

  const startAll = () => document.querySelectorAll("[data-dropzone]").forEach(start);
  startAll();
  document.addEventListener("htmx:load", startAll);
})();
