// Creates a passkey, or signs in with one, before its form is sent. Pages work without this file, by password.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function used() {
    const publicKey = JSON.parse(form.dataset.passkey);
    publicKey.challenge = bytes(publicKey.challenge);
    if (!publicKey.user) {
      const { id, response } = await navigator.credentials.get({ publicKey });
      return [id, response.clientDataJSON, response.authenticatorData, response.signature];
    }
    publicKey.user.id = bytes(publicKey.user.id);
    for (const known of publicKey.excludeCredentials) known.id = bytes(known.id);
    const { id, response } = await navigator.credentials.create({ publicKey });
    return [id, response.clientDataJSON, response.getAuthenticatorData(), response.getPublicKey()];
  }

  // The form has the texts in the language of the page.
  const reason = ({ name }) => {
    const { invalidState, security, failed } = form.dataset;
    return { InvalidStateError: invalidState, SecurityError: security }[name] ?? failed;
  };

  if (form && window.PublicKeyCredential) {
    form.hidden = false;
    document.querySelector("[data-no-passkey]")?.remove();
    const alert = form.querySelector("[role=alert]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      alert.hidden = true;
      try {
        const [id, client, authenticator, proof] = await used();
        const fields = form.elements;
        fields.credential.value = id;
        fields.client_data.value = text(client);
        fields.authenticator_data.value = text(authenticator);
        fields.proof.value = text(proof);
        form.submit();
      } catch (error) {
        alert.textContent = reason(error);
        alert.hidden = false;
      }
    });
  }
})();
