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

// Words of a form that is not sent yet (<form data-kept-by="a person's id">): they outlive a reload, a look at another
// page, and a session that ended under them, in this tab and for that person alone, until the site takes them, that
// person discards them or somebody signs out. A form is known by where it is sent, so that it is the same one on its
// page and on the page that sends it back for a correction.
// Kept are the fields that the person touched and no others: what stands in the rest is the site's, and may be newer. They
// are put back only over what they were typed over (the digest `shown`), and with a line that says so.
// Never kept: files (their names are, and the page asks for them again), passwords, hidden fields, and what data-kept-except names.
(function () {
  "use strict";
  const PREFIX = "ecpd-form:";
  const CHOICES = ["radio", "checkbox"];
  const person = document.body.dataset.person || ""; // whose page this is; nobody's while somebody is asked to sign in

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
  function element(name, text, ...classes) {
    const made = document.createElement(name);
    made.textContent = text;
    made.classList.add(...classes);
    return made;
  }
  function when(at) {
    return new Date(at).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short", timeZone: "America/Los_Angeles" });
  }
  function where(form) {
    const { pathname, search } = window.location;
    const sentTo = new URL(form.getAttribute("action") || pathname, window.location.href).pathname;
    return (sentTo === pathname ? pathname + search : sentTo) + (form.dataset.keptAs || ""); // where one address takes two
  }

  // Keeps one form; answers what is to be done when it is sent.
  function keeper(form) {
    const mine = `${PREFIX}${form.dataset.keptBy}${where(form)}`;
    const touched = new Set();
    let busy = false; // what is put back or taken away here is nobody's typing

    function fields() {
      const except = (form.dataset.keptExcept || "").split(" ");
      return [...form.elements].filter((field) => field.name && !except.includes(field.name)
        && !["hidden", "file", "password", "submit", "button"].includes(field.type));
    }
    function shown() {
      const field = form.querySelector("input[name=shown]");
      return field ? field.value : ""; // none where nothing stands behind the form yet
    }
    function keep(sent) {
      const names = [...new Set(fields().map((field) => field.name))].filter((name) => touched.has(name));
      const said = [...new FormData(form)].filter(([name]) => names.includes(name));
      write(mine, { sent, names, said, files: files(), shown: shown(), at: Date.now() });
    }
    // The names of what was chosen, here or before: the files themselves cannot be put back.
    function files() {
      return [...form.querySelectorAll("[data-file-again]")].map((again) => {
        const mark = again.querySelector("input[type=hidden]");
        const chosen = [...form.elements[again.dataset.fileAgain].files].map((file) => file.name).join(", ");
        return [again.dataset.fileAgain, chosen || (mark.disabled ? "" : mark.value)];
      }).filter(([, chosen]) => chosen);
    }
    function askAgain(chosen) {
      form.querySelectorAll("[data-file-again]").forEach((again) => {
        const [, names] = (chosen || []).find(([name]) => name === again.dataset.fileAgain) || [];
        const mark = again.querySelector("input[type=hidden]");
        again.hidden = mark.disabled = !names;
        mark.value = again.querySelector("[data-file-names]").textContent = names || "";
      });
    }
    function touch(event) {
      if (event.target.type === "file" && !busy) keep(false);
      if (busy || !fields().includes(event.target)) return;
      touched.add(event.target.name);
      keep(false);
    }

    function put(field, said) {
      const values = said.filter(([name]) => name === field.name).map(([, value]) => value);
      if (CHOICES.includes(field.type)) field.checked = values.includes(field.value);
      else if (field.type === "select-multiple") [...field.options].forEach((one) => { one.selected = values.includes(one.value); });
      else if (values.length) field.value = values[0];
    }
    // As the page came.
    function clear(field) {
      if (CHOICES.includes(field.type)) field.checked = field.defaultChecked;
      else if (!field.options) field.value = field.defaultValue;
      else if (field.type === "select-multiple") [...field.options].forEach((one) => { one.selected = one.defaultSelected; });
      else field.selectedIndex = Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
    }
    // Does this to the touched fields, and lets the page know; answers whether any of them is another now.
    function each(act) {
      const before = JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
      const some = fields().filter((field) => touched.has(field.name));
      some.forEach(act);
      busy = true;
      const once = new Map(some.filter((field) => !CHOICES.includes(field.type) || field.checked).map((field) => [field.name, field]));
      once.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
      busy = false;
      return before !== JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    }

    function tell(text, words, discard) {
      const line = element("div", "", "note", "stack", "no-print");
      const button = element("button", "Discard", "usa-button", "usa-button--outline");
      button.type = "button";
      button.addEventListener("click", () => {
        discard();
        line.remove();
        const first = fields().find((field) => !field.disabled);
        if (first) first.focus();
      });
      line.append(element("p", text), ...words.map((one) => element("p", one)), button);
      line.setAttribute("role", "status");
      line.dataset.kept = "";
      form.before(line);
      const folded = form.closest("details");
      if (folded) folded.open = true;
    }
    function forget() {
      each(clear);
      askAgain([]);
      touched.clear();
      write(mine, null);
    }
    function spoken([name, value]) {
      const field = fields().find((one) => one.name === name);
      if (!field || CHOICES.includes(field.type) || field.options || !value.trim()) return [];
      return [`${field.labels && field.labels.length ? field.labels[0].textContent.trim().replace(/\s+/g, " ") : name}: ${value}`];
    }
    function giveBack(kept) {
      askAgain(kept.files);
      if (!kept.names || !kept.names.length) return;
      if (kept.shown !== shown()) {
        tell(`This changed since you typed on ${when(kept.at)}. What you typed is not put back; copy what still holds.`,
          kept.said.flatMap(spoken), () => { if (!touched.size) write(mine, null); });
        return;
      }
      kept.names.forEach((name) => touched.add(name));
      if (each((field) => put(field, kept.said))) tell(`What you typed on ${when(kept.at)} and did not send is back.`, [], forget);
    }

    const before = read(mine);
    return {
      begin() {
        form.autocomplete = "off"; // or the browser itself puts what stood in every field over what the page says now
        const kept = read(mine);
        if (before && before.sent && form.hasAttribute("data-kept-sent")) { // sent back for a correction: it stands here already
          (before.names || []).forEach((name) => touched.add(name));
          write(mine, { ...before, sent: false }); // typed over what the page showed then, which may have changed
        } else if (kept) {
          if (kept.sent) write(mine, { ...kept, sent: false });
          giveBack(kept);
        }
        form.addEventListener("input", touch);
        form.addEventListener("change", touch);
      },
      sends: () => keep(true),
    };
  }

  const keepers = new Map([...document.querySelectorAll("form[data-kept-by]")]
    .filter((form) => form.dataset.keptBy).map((form) => [form, keeper(form)]));

  // What was sent before this page came: taken, where the site led that person on from page to page. Not taken where
  // this page is an error, was come back to or asked for anew, or is nobody's because the session had ended.
  const arrival = window.performance.getEntriesByType("navigation")[0] || {};
  const ledOn = arrival.type === "navigate" && document.referrer.startsWith(`${window.location.origin}/`);
  keys().forEach((key) => {
    const kept = read(key);
    if (!kept || !kept.sent) return;
    if (!person || arrival.responseStatus >= 400 || (arrival.type === "navigate" && !ledOn)) write(key, { ...kept, sent: false });
    else if (ledOn && key.startsWith(`${PREFIX}${person}/`)) write(key, null);
  });
  const waits = document.querySelector("[data-kept-waits]");
  if (waits && keys().length) waits.hidden = false;

  keepers.forEach((one) => one.begin());
  document.addEventListener("submit", (event) => {
    if (keepers.has(event.target)) keepers.get(event.target).sends();
    else if (/\/logout\/$/.test(event.target.getAttribute("action") || "")) keys().forEach((key) => write(key, null));
  });
})();
