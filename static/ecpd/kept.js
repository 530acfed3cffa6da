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
