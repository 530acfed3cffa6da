// The officer's console. It works through a lost connection: what is on the screen stays, answers are kept on this
// tablet under the officer's own name and sent when the connection is back and it is he who is signed in. One that is
// not accepted stays, with the reason, until he discards it. An alert nobody answered stays, whatever happens here.
(function () {
  "use strict";
  const live = document.getElementById("pk-live");
  if (!live) return;
  const kept = window.ecpdKept;
  const body = document.body;
  const me = whoIn(live);
  let token = me.token;
  let shown = ""; // the answer whose next page is opened at once
  let selected = "";
  const touched = new Set(); // alerts in whose answer something was typed that is not sent yet
  const ready = []; // drafts that were written meanwhile, and not opened over what is typed
  let known = new Set(ids());

  function whoIn(part) {
    const who = part.querySelector('[data-part="who"]');
    return { id: who.dataset.user, name: who.dataset.name, token: who.dataset.token };
  }
  function ids() {
    return [...live.querySelectorAll("[data-alert]")].map((row) => row.dataset.alert);
  }
  function detailOf(id) {
    return live.querySelector(`[data-detail="${id}"]`);
  }

  // One alert is shown at a time; on a phone it stands below the list.
  function select(id, moveFocus) {
    selected = id;
    live.querySelectorAll("[data-detail]").forEach((part) => {
      const own = part.dataset.detail;
      part.hidden = own !== id;
      const isGone = !live.querySelector(`[data-alert="${own}"]`);
      if (own !== id && isGone && touched.delete(own)) part.remove();
    });
    live.querySelectorAll("[data-alert]").forEach((row) => {
      if (row.dataset.alert === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    const shown = detailOf(id);
    if (shown && moveFocus) shown.focus({ preventScroll: window.matchMedia("(min-width: 56em)").matches });
  }
  function selectFirst() {
    const first = ids()[0];
    if (first) select(first, false);
  }

  live.addEventListener("click", (event) => {
    const row = event.target.closest("[data-alert]");
    if (!row) return;
    event.preventDefault();
    select(row.dataset.alert, true);
  });

  // Ticks open the button. The server asks again.
  function renew(form) {
    const button = form.querySelector("[data-needs-ticks]");
    if (!button) return;
    const open = [...form.querySelectorAll('input[type="checkbox"]')].filter((tick) => !tick.checked);
    const empty = ["plate", "plate_state", "vehicle"].filter((name) => !form.elements[name].value.trim());
    button.setAttribute("aria-disabled", open.length || empty.length ? "true" : "false");
  }
  live.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-answer]");
    if (!form) return;
    touched.add(form.closest("[data-detail]").dataset.detail);
    const shows = form.querySelector(`[data-shows="${event.target.name}"]`);
    if (shows) {
      const value = event.target.value.trim();
      shows.textContent = event.target.name === "plate_state" ? value.replace("US-", "") : value.toUpperCase() === value || event.target.name !== "plate" ? value : value.toUpperCase();
      const tick = shows.closest("label").querySelector("input");
      tick.checked = false; // what was changed is compared anew
    }
    renew(form);
  });

  // Answers: kept first, then sent.
  live.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-answer]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("[data-needs-ticks]");
    if (button && button.getAttribute("aria-disabled") === "true") return;
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("csrfmiddlewaretoken");
    const part = form.closest("[data-detail]");
    shown = fields.get("client_key");
    touched.delete(part.dataset.detail);
    kept.put(me, {
      key: shown, alert: part.dataset.detail, url: form.action, fields: fields.toString(), refused: "",
      title: `${form.dataset.answer === "confirm" ? "Confirmed" : "Dismissed"}: ${part.dataset.plate}`,
    });
    tell();
    look();
  });

  let sending = false;
  async function send() {
    if (sending) return;
    sending = true;
    try {
      await kept.alone(async () => {
        for (const answer of kept.list(me).filter((one) => !one.refused)) {
          if (!(await sendOne(answer))) break;
        }
      });
    } catch {
      connected(false);
    } finally {
      sending = false;
      tell();
    }
  }
  // Whether to go on with the next.
  async function sendOne(answer) {
    const response = await fetch(answer.url, {
      method: "POST", body: answer.fields, credentials: "same-origin",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json", "X-CSRFToken": token },
    });
    if (response.redirected) return stopped("signed-out");
    if (response.status >= 500 || response.status === 429) return true; // not its fault: it waits
    const said = await response.json().catch(() => ({}));
    if (said.code === "another_person") return stopped("another");
    if (response.ok) kept.drop(me, answer.key);
    else kept.refuse(me, answer.key, said.detail || said.title || WHY[response.status] || `The site answered ${response.status}.`);
    settle(answer.alert, response.ok, said, answer.key);
    return true;
  }
  const GONE = "This alert was answered by somebody else, or has ended. What you typed stays here until you choose another.";
  const WHY = { 403: "You may not answer this alert.", 404: "This alert is not there any more.", 409: "Somebody changed it meanwhile." };

  // What is kept on this tablet, and what became of it.
  function tell() {
    const answers = kept.list(me);
    const open = answers.filter((one) => !one.refused).length;
    const waiting = document.getElementById("pk-queue");
    waiting.hidden = !open;
    waiting.textContent = open ? `${open} waiting to be sent` : "";
    const refused = answers.filter((one) => one.refused);
    const panel = document.getElementById("pk-kept");
    const lines = [...ready.map(readyLine), ...refused.map(refusedLine), ...kept.others(me).map(othersLine)];
    if (kept.unowned()) lines.push(unownedLine());
    panel.querySelector("ul").replaceChildren(...lines);
    panel.hidden = !lines.length;
  }
  function line(title, words, ...buttons) {
    const item = document.createElement("li");
    const strong = document.createElement("strong");
    strong.textContent = title;
    const text = document.createElement("span");
    text.textContent = words;
    item.append(strong, " ", text, ...buttons.map(([label, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "usa-button usa-button--outline";
      button.textContent = label;
      button.addEventListener("click", () => { act(); tell(); });
      return button;
    }));
    return item;
  }
  function refusedLine(answer) {
    return line(answer.title, `Not accepted: ${answer.refused}`,
      ["Send again", () => { kept.again(me, answer.key); look(); }], ["Discard", () => kept.drop(me, answer.key)]);
  }
  function readyLine(draft) {
    return line(draft.title, "The draft of its citation is ready.", ["Open the draft", () => window.location.assign(draft.url)]);
  }
  function othersLine(other) {
    return line(other.name, `${other.count} answer${other.count === 1 ? "" : "s"} kept here. Sent when ${other.name} signs in on this tablet.`);
  }
  function unownedLine() {
    return line("Older answers", `${kept.unowned()} kept here without a name. They are not sent, because nobody knows whose they are.`,
      ["Discard", () => kept.dropUnowned()]);
  }
  // Somebody else is signed in on this tablet, or nobody: nothing is sent, nothing lost.
  function stopped(why) {
    document.getElementById("pk-stopped").hidden = false;
    document.querySelectorAll("[data-stopped]").forEach((part) => { part.hidden = part.dataset.stopped !== why; });
    return false;
  }
  function settle(id, ok, said, key) {
    if (ok) {
      // Its next page is opened at once, unless the officer has gone on to another alert meanwhile.
      if (said.next && key === shown && selected === id && !touched.size) { window.location.assign(said.next); return; }
      const part = detailOf(id);
      if (said.next && key === shown) ready.push({ title: part ? part.dataset.plate : "Confirmed", url: said.next });
      if (part) part.remove();
      const row = live.querySelector(`[data-alert="${id}"]`);
      if (row) row.remove();
      if (selected === id) selectFirst();
      return;
    }
    const part = detailOf(id);
    const place = part && part.querySelector("[data-said]");
    if (!place) return;
    place.hidden = false;
    place.textContent = said.detail || said.title || "This answer was not accepted.";
    place.scrollIntoView({ block: "nearest" });
  }

  // The list renews itself; what somebody is filling in stays as it is.
  async function look() {
    try {
      const response = await fetch(live.dataset.url, { credentials: "same-origin", headers: { "X-Console": "1" } });
      if (response.redirected) { connected(true); stopped("signed-out"); return; }
      if (response.status === 403) { connected(true); stopped("closed"); return; }
      if (!response.ok) throw new Error("server");
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      connected(true);
      if (whoIn(fresh).id !== me.id) { stopped("another"); return; }
      document.getElementById("pk-stopped").hidden = true;
      token = whoIn(fresh).token;
      merge(fresh);
      await send();
    } catch {
      connected(false);
    }
  }
  function merge(fresh) {
    const waiting = new Set(kept.list(me).map((answer) => answer.alert));
    const list = fresh.querySelector('[data-part="list"]');
    live.querySelector('[data-part="list"]').replaceWith(list);
    const details = live.querySelector('[data-part="details"]');
    const freshIds = new Set([...fresh.querySelectorAll("[data-detail]")].map((part) => part.dataset.detail));
    fresh.querySelectorAll("[data-detail]").forEach((part) => {
      if (!detailOf(part.dataset.detail)) { part.hidden = true; details.append(part); renewAll(part); }
    });
    live.querySelectorAll("[data-detail]").forEach((part) => {
      const id = part.dataset.detail;
      if (freshIds.has(id) || waiting.has(id)) return;
      if (!touched.has(id)) part.remove();
      else if (selected === id) settle(id, false, { detail: GONE });
    });
    const now = new Set(ids());
    if ([...now].some((id) => !known.has(id))) ring();
    known = now;
    if (detailOf(selected)) select(selected, false);
    else selectFirst();
  }
  function renewAll(part) {
    part.querySelectorAll("form[data-answer]").forEach(renew);
  }

  function connected(yes) {
    const sign = document.getElementById("pk-connection");
    sign.classList.toggle("is-lost", !yes);
    const since = new Date().toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: "America/Los_Angeles" }).toLowerCase();
    const words = sign.querySelector("span");
    if (yes) words.textContent = "Connected";
    else if (!words.textContent.startsWith("No connection")) words.textContent = `No connection since ${since}`;
  }

  // Sound, made here, and muted when somebody says so.
  let audio = null;
  const sound = document.getElementById("pk-sound");
  function ring() {
    if (sound.getAttribute("aria-pressed") !== "true" || !window.AudioContext) return;
    audio = audio || new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.15;
    tone.frequency.value = 880;
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.18);
  }
  function toggle(button, on, words) {
    button.setAttribute("aria-pressed", on ? "true" : "false");
    button.querySelector("span").textContent = words;
  }
  sound.addEventListener("click", () => {
    const on = sound.getAttribute("aria-pressed") !== "true";
    toggle(sound, on, on ? "Sound on" : "Sound off");
    window.localStorage.setItem("ecpd-console-sound", on ? "on" : "off");
  });
  const night = document.getElementById("pk-night");
  function contrast(dark) {
    if (dark) body.dataset.contrast = "night";
    else delete body.dataset.contrast;
    toggle(night, dark, dark ? "Day colors" : "Night colors");
  }
  night.addEventListener("click", () => {
    const dark = body.dataset.contrast !== "night";
    contrast(dark);
    window.localStorage.setItem("ecpd-console-night", dark ? "on" : "off");
  });

  contrast(window.localStorage.getItem("ecpd-console-night") === "on");
  if (window.localStorage.getItem("ecpd-console-sound") === "off") toggle(sound, false, "Sound off");
  tell();
  renewAll(live);
  selectFirst();
  look();
  window.setInterval(look, Number(live.dataset.every));
  window.addEventListener("online", look);
  window.setInterval(() => {
    document.getElementById("pk-clock").textContent = new Date().toLocaleTimeString("en-US", {
      hour: "numeric", minute: "2-digit", timeZone: "America/Los_Angeles",
    }).toLowerCase();
  }, 5000);
})();
