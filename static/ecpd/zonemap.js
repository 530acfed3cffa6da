// Maps of zones with Leaflet. Without tiles configured, streets and zones from the city's own data are the map.
(function () {
  "use strict";
  const place = document.getElementById("zone-map");
  if (!place || !window.L) return;
  const COLORS = { limit: "#005ea2", prohibited: "#8b0a03", reserved: "#54278f", loading: "#936f38", free: "#71767a" };
  const NAMES_FROM_ZOOM = 16;
  const map = L.map(place, { maxZoom: 21, zoomSnap: 0.5, attributionControl: Boolean(place.dataset.tiles) });
  map.setView([37.916, -122.31], 15);
  if (place.dataset.tiles) L.tileLayer(place.dataset.tiles, { maxZoom: 21, maxNativeZoom: 19 }).addTo(map);

  // From afar the names of streets would stand on each other.
  const nameStreets = () => place.classList.toggle("zonemap--far", map.getZoom() < NAMES_FROM_ZOOM);
  map.on("zoomend", nameStreets);
  nameStreets();

  function style(feature) {
    const color = COLORS[feature.properties.kind] || COLORS.free;
    const here = place.dataset.one === feature.properties.id;
    return {
      color, fillColor: color, fillOpacity: here ? 0.9 : 0.55, weight: here ? 4 : 2,
      dashArray: feature.properties.enforced ? null : "4 4",
    };
  }
  function about(feature) {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = feature.properties.url;
    link.textContent = feature.properties.name;
    const words = document.createElement("p");
    words.textContent = feature.properties.words || "No rule";
    box.append(link, words);
    return box;
  }

  async function show() {
    const response = await fetch(place.dataset.features, { credentials: "same-origin" });
    if (!response.ok) return;
    const data = await response.json();
    const streets = L.featureGroup(data.streets.map((street) => L.geoJSON(street.geometry, {
      style: { color: "#dfe1e2", weight: 10, lineCap: "round" }, interactive: false,
    }).bindTooltip(street.name, { permanent: true, direction: "center", className: "zonemap__street" }))).addTo(map);
    const zones = L.geoJSON(data.features, {
      style, onEachFeature: (feature, layer) => layer.bindPopup(() => about(feature)),
    }).addTo(map);
    if (data.not_drawn.length) {
      const said = document.createElement("p");
      said.className = "small";
      said.textContent = `Not drawn, because the coordinates make no line or area: ${data.not_drawn.join(", ")}.`;
      place.after(said);
    }
    const one = zones.getLayers().find((layer) => layer.feature.properties.id === place.dataset.one);
    if (one) map.fitBounds(one.getBounds().pad(1.5), { maxZoom: 19 });
    else if (zones.getLayers().length) map.fitBounds(zones.getBounds().pad(0.05), { maxZoom: 18 });
    else if (streets.getLayers().length) map.fitBounds(streets.getBounds());
    place.dataset.ready = "yes";
  }

  const field = place.dataset.drawing && document.querySelector(place.dataset.drawing);
  if (field) draw();
  function draw() {
    const drawn = L.featureGroup().addTo(map);
    map.addControl(new L.Control.Draw({
      draw: { circle: false, circlemarker: false, marker: false, rectangle: false,
        polygon: { allowIntersection: false, shapeOptions: { color: "#d54309" } },
        polyline: { shapeOptions: { color: "#d54309", weight: 5 } } },
      edit: { featureGroup: drawn },
    }));
    function take() {
      const shape = drawn.getLayers()[0];
      field.value = shape ? JSON.stringify(shape.toGeoJSON(7).geometry) : "";
      const said = document.querySelector("[data-drawn]");
      const points = shape ? shape.getLatLngs().flat().length : 0;
      said.textContent = shape ? `Drawn: ${points} points.` : "Nothing is drawn yet.";
    }
    map.on(L.Draw.Event.CREATED, (event) => { drawn.clearLayers(); drawn.addLayer(event.layer); take(); });
    map.on(L.Draw.Event.EDITED, take);
    map.on(L.Draw.Event.DELETED, take);
    document.querySelector("[data-take-typed]").addEventListener("click", () => {
      const points = document.querySelector("[data-typed]").value.trim().split("\n")
        .map((line) => line.split(/[\s,]+/).filter(Boolean).map(Number))
        .filter((pair) => pair.length === 2 && pair.every(Number.isFinite)).map(([lon, lat]) => [lat, lon]);
      if (points.length < 2) return;
      drawn.clearLayers();
      const shape = points.length === 2 ? L.polyline(points, { color: "#d54309", weight: 5 }) : L.polygon(points, { color: "#d54309" });
      drawn.addLayer(shape);
      map.fitBounds(shape.getBounds().pad(1), { maxZoom: 19 });
      take();
    });
    if (field.value) {
      const kept = L.geoJSON(JSON.parse(field.value)).getLayers()[0];
      if (kept) { drawn.addLayer(kept); take(); }
    }
  }
  show();
})();
