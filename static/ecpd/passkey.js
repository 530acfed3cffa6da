// Passkeys: what the server asks goes to the browser, the browser's answer goes back with the form around the button.
(function () {
  "use strict";
  const { create, get } = window.webauthnJSON;

  async function optionsOf(button) {
    if (button.dataset.options) return JSON.parse(document.getElementById(button.dataset.options).textContent);
    const answer = await fetch(button.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return (await answer.json()).request_options;
  }

  function inWords(error) {
    if (error.name === "InvalidStateError") return "This device has a passkey for your account already.";
    if (error.name === "SecurityError") return "Open this site by its name, not by a number, to use passkeys.";
    return "No passkey was used. Try again, or use another way.";
  }

  document.querySelectorAll("[data-passkey]").forEach((button) => {
    const form = button.form;
    const says = form.querySelector("[data-passkey-says]");
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      says.textContent = "This browser can't use passkeys here. They need a secure address (https).";
      return;
    }
    button.addEventListener("click", async () => {
      says.textContent = "Waiting for your device…";
      try {
        const ask = button.dataset.passkey === "create" ? create : get;
        form.elements.credential.value = JSON.stringify(await ask(await optionsOf(button)));
        form.submit();
      } catch (error) {
        says.textContent = inWords(error);
      }
    });
  });
})();
