// What was filled in and could not be sent yet: kept in this browser, each person's for himself. Nothing here is sent
// or dropped by itself: a page sends its own person's, and drops what was taken or what that person discards.
(function () {
  "use strict";
  const PREFIX = "ecpd-kept:";
  const UNOWNED = "ecpd-console-answers"; // kept before anybody's name stood on it: nobody knows whose
  const memory = new Map(); // where the browser keeps nothing

  function read(key) {
    let text = memory.get(key);
    try { text = window.localStorage.getItem(key) || text; } catch { /* the browser keeps nothing */ }
    try { return JSON.parse(text || "null"); } catch { return null; }
  }
  function write(key, value) {
    try {
      if (value) window.localStorage.setItem(key, JSON.stringify(value));
      else window.localStorage.removeItem(key);
      memory.delete(key);
    } catch {
      if (value) memory.set(key, JSON.stringify(value)); // until the page is left
      else memory.delete(key);
    }
  }
  function keys() {
    const found = new Set(memory.keys());
    try { Object.keys(window.localStorage).forEach((key) => found.add(key)); } catch { /* as above */ }
    return [...found].filter((key) => key.startsWith(PREFIX));
  }
  function list(person) {
    return (read(PREFIX + person.id) || { answers: [] }).answers;
  }
  function store(person, answers) {
    write(PREFIX + person.id, answers.length ? { name: person.name, answers } : null);
  }

  window.ecpdKept = {
    list,
    // An answer with the key of one that is kept already is that one, corrected.
    put(person, answer) {
      store(person, [...list(person).filter((one) => one.key !== answer.key), answer]);
    },
    refuse(person, key, why) {
      store(person, list(person).map((one) => (one.key === key ? { ...one, refused: why } : one)));
    },
    again(person, key) {
      store(person, list(person).map((one) => (one.key === key ? { ...one, refused: "" } : one)));
    },
    drop(person, key) {
      store(person, list(person).filter((one) => one.key !== key));
    },
    others(person) {
      return keys().filter((key) => key !== PREFIX + person.id).map(read).filter(Boolean)
        .map((kept) => ({ name: kept.name, count: kept.answers.length }));
    },
    unowned() {
      return (read(UNOWNED) || []).length;
    },
    dropUnowned() {
      write(UNOWNED, null);
    },
    // One tab at a time sends, where the browser can say so.
    alone(act) {
      return navigator.locks ? navigator.locks.request("ecpd-kept", act) : act();
    },
  };
})();

// Words of a form that is not sent yet (<form data-kept-by="a person's id">): they outlive a reload and a look at another
// page, in this tab and for that person alone, until the site takes them or somebody signs out. Never kept: files,
// passwords, hidden fields (what the page showed is said by the page that is sent), and what data-kept-except names.
(function () {
  "use strict";
  const PREFIX = "ecpd-form:";
  const form = document.querySelector("form[data-kept-by]");
  const mine = form && form.dataset.keptBy ? PREFIX + form.dataset.keptBy + window.location.pathname + window.location.search : "";

  function read(key) {
    try { return JSON.parse(window.sessionStorage.getItem(key) || "null"); } catch { return null; }
  }
  function write(key, value) {
    try {
      if (value) window.sessionStorage.setItem(key, JSON.stringify(value));
      else window.sessionStorage.removeItem(key);
    } catch { /* the browser keeps nothing */ }
  }
  function keys() {
    try { return Object.keys(window.sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
  }
  function fields() {
    const except = (form.dataset.keptExcept || "").split(" ");
    return [...form.elements].filter((field) => field.name && !except.includes(field.name)
      && !["hidden", "file", "password", "submit", "button"].includes(field.type));
  }
  function keep(sent) {
    const names = new Set(fields().map((field) => field.name));
    write(mine, { sent, said: [...new FormData(form)].filter(([name]) => names.has(name)) });
  }
  function put(field, said) {
    const values = said.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") [...field.options].forEach((one) => { one.selected = values.includes(one.value); });
    else if (values.length) field.value = values[0];
  }
  function giveBack(said) {
    fields().forEach((field) => put(field, said));
    const once = new Map(fields().filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked).map((field) => [field.name, field]));
    once.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
  }

  // What was sent before this page came: taken, unless this page is an error or was come back to.
  const arrival = window.performance.getEntriesByType("navigation")[0] || {};
  keys().forEach((key) => {
    const kept = read(key);
    if (!kept || !kept.sent) return;
    if (arrival.responseStatus >= 400) write(key, { ...kept, sent: false });
    else if (arrival.type === "navigate") write(key, null);
  });

  if (mine) {
    const kept = read(mine);
    if (form.hasAttribute("data-kept-sent")) keep(false); // the site sent it back for a correction: that is the newest
    else if (kept) giveBack(kept.said);
    form.addEventListener("input", () => keep(false));
    form.addEventListener("change", () => keep(false));
  }
  document.addEventListener("submit", (event) => {
    if (event.target === form) keep(true);
    else if (/\/logout\/$/.test(event.target.action)) keys().forEach((key) => write(key, null));
  });
})();
