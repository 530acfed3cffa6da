// Two pictures that zoom and move together: slider, buttons, wheel, drag, arrow keys, plus and minus.
(function () {
  "use strict";
  const LEAST = 100;
  const MOST = 400;
  const STEP = 25;

  function start(bench) {
    if (bench.dataset.live) return;
    bench.dataset.live = "yes";
    const range = bench.querySelector("[data-zoom-range]");
    const frames = Array.from(bench.querySelectorAll("[data-frame]"));
    const pictures = frames.map((frame) => frame.querySelector(".face"));
    const view = { zoom: LEAST, x: 0, y: 0, from: null };

    // Offsets are percent of the picture; at zoom z at most half of what stands over the frame may be moved.
    function draw() {
      const free = 50 * (1 - LEAST / view.zoom);
      view.x = Math.min(Math.max(view.x, -free), free);
      view.y = Math.min(Math.max(view.y, -free), free);
      pictures.forEach((picture) => {
        picture.style.transform = `scale(${view.zoom / 100}) translate(${view.x}%, ${view.y}%)`;
      });
      range.value = view.zoom;
      bench.querySelector("[data-zoom-value]").textContent = `${view.zoom}%`;
    }
    function zoomTo(value) {
      view.zoom = Math.min(Math.max(Math.round(value / STEP) * STEP, LEAST), MOST);
      draw();
    }
    function move(x, y) {
      view.x += x;
      view.y += y;
      draw();
    }

    range.addEventListener("input", () => zoomTo(Number(range.value)));
    bench.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      const by = Number(button.dataset.zoom);
      if (!by) view.x = view.y = 0;
      zoomTo(by ? view.zoom + by : LEAST);
    }));
    bench.querySelector("[data-grid]").addEventListener("change", (event) => {
      frames.forEach((frame) => frame.classList.toggle("has-grid", event.target.checked));
    });
    const keys = {
      ArrowLeft: () => move(4, 0), ArrowRight: () => move(-4, 0),
      ArrowUp: () => move(0, 4), ArrowDown: () => move(0, -4),
      "+": () => zoomTo(view.zoom + STEP), "=": () => zoomTo(view.zoom + STEP),
      "-": () => zoomTo(view.zoom - STEP),
      0: () => { view.x = view.y = 0; zoomTo(LEAST); },
    };
    frames.forEach((frame) => {
      frame.addEventListener("keydown", (event) => {
        if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        keys[event.key]();
      });
      frame.addEventListener("wheel", (event) => {
        event.preventDefault();
        zoomTo(view.zoom + (event.deltaY < 0 ? STEP : -STEP));
      }, { passive: false });
      frame.addEventListener("pointerdown", (event) => {
        view.from = [event.clientX, event.clientY];
        frame.setPointerCapture(event.pointerId);
        frame.classList.add("is-dragging");
      });
      frame.addEventListener("pointermove", (event) => {
        if (!view.from) return;
        const scale = 100 / view.zoom;
        move((event.clientX - view.from[0]) / frame.clientWidth * 100 * scale,
          (event.clientY - view.from[1]) / frame.clientHeight * 100 * scale);
        view.from = [event.clientX, event.clientY];
      });
      ["pointerup", "pointercancel"].forEach((name) => frame.addEventListener(name, () => {
        view.from = null;
        frame.classList.remove("is-dragging");
      }));
    });
    draw();
  }

  const startAll = () => document.querySelectorAll("[data-compare]").forEach(start);
  startAll();
  document.addEventListener("htmx:load", startAll);
})();
