// The examination form by keyboard: one key answers the feature that has the focus and goes on; how many are answered.
(function () {
  "use strict";
  const ANSWERS = { s: "similar", d: "different", n: "not_visible" };
  const CONCLUSIONS = { x: "exclude", i: "inconclusive", p: "possible_match" };

  function start(form) {
    if (form.dataset.live) return;
    form.dataset.live = "yes";
    const features = Array.from(form.querySelectorAll(".feat"));
    const note = (feature) => feature.nextElementSibling.querySelector("input");
    const answered = (feature) => feature.querySelector(":checked");

    // To a feature: its answer, or the first one there is to choose; past the last: to the conclusion.
    function go(place) {
      const feature = features[Math.max(place, 0)];
      const to = feature ? answered(feature) || feature.querySelector("input") : form.querySelector("[name=conclusion]");
      to.focus();
    }
    function count() {
      form.querySelector("[data-answered]").textContent = features.filter(answered).length;
    }
    function answer(place, value) {
      features[place].querySelector(`[value=${value}]`).click();
      if (value === "different") note(features[place]).focus();
      else go(place + 1);
    }
    function conclude(value) {
      form.querySelector(`[name=conclusion][value=${value}]`).click();
      form.querySelector(value === "exclude" ? "[name=does_not_fit]" : "[name=basis]").focus();
    }

    form.addEventListener("change", count);
    form.addEventListener("keydown", (event) => {
      const place = features.findIndex((one) => one.contains(event.target) || note(one) === event.target);
      const writes = event.target.matches("input[type=text], textarea");
      const key = event.key.toLowerCase();
      let act = null;
      if (key === "enter" && (event.ctrlKey || event.metaKey)) act = () => form.querySelector("#record").click();
      else if (event.ctrlKey || event.metaKey || event.altKey) return;
      else if (key === "enter" && writes && place >= 0) act = () => go(place + 1);
      else if (writes) return;
      else if (place >= 0 && ANSWERS[key]) act = () => answer(place, ANSWERS[key]);
      else if (place >= 0 && key === "j") act = () => go(place + 1);
      else if (place >= 0 && key === "k") act = () => go(place - 1);
      else if (CONCLUSIONS[key] && event.target.matches("input")) act = () => conclude(CONCLUSIONS[key]);
      if (!act) return;
      event.preventDefault();
      act();
    });
    count();
    // Where nothing else asks for attention the first open feature has the focus; the pictures stay where they are.
    const open = features.find((one) => !answered(one) && !one.disabled);
    if (open && document.activeElement === document.body) open.querySelector("input").focus({ preventScroll: true });
  }

  const startAll = () => document.querySelectorAll("#examination").forEach(start);
  startAll();
  document.addEventListener("htmx:load", startAll);
})();
