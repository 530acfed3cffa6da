// What every page does: blocked buttons stay blocked, a lost connection is said, the first error gets the focus.
(function () {
  "use strict";
  const one = (query) => document.querySelector(query);

  document.addEventListener("click", (event) => {
    const blocked = event.target.closest('button[aria-disabled="true"]');
    if (blocked) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.target.closest("[data-print]")) window.print();
    const back = event.target.closest("[data-back]");
    if (back && document.referrer === back.href && window.history.length > 1) {
      event.preventDefault();
      window.history.back(); // keeps what was typed, which following the address would not
    }
  }, true);

  // A form is sent once: a second click while it is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => { delete form.dataset.sent; }, 5000);
  });

  // On paper nobody can open what is folded.
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("main details").forEach((details) => { details.open = true; });
  });

  const errors = one("[data-focus]");
  if (errors) errors.focus();

  // The face chosen in the picture's boxes follows the radio buttons below it.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick]")) return;
    document.querySelectorAll("[data-box]").forEach((box) => {
      box.classList.toggle("is-on", box.dataset.box === event.target.value);
    });
  });

  const banner = one("#connection");
  let retry = null;
  function lost() {
    if (!banner || retry) return;
    const now = new Date();
    banner.querySelector("[data-since]").textContent = now.toLocaleTimeString("en-US", {
      hour: "numeric", minute: "2-digit", timeZone: "America/Los_Angeles",
    }).toLowerCase();
    banner.hidden = false;
    retry = window.setInterval(tryAgain, 10000);
  }
  function found() {
    window.clearInterval(retry);
    retry = null;
    banner.hidden = true;
  }
  function tryAgain() {
    fetch(banner.dataset.liveUrl, { cache: "no-store", headers: { "X-ECPD-Poll": "1" } })
      .then((answer) => { if (answer.ok) found(); }, () => {});
  }
  window.addEventListener("offline", lost);
  window.addEventListener("online", () => { if (retry) tryAgain(); });
  document.addEventListener("htmx:sendError", lost);
})();
