// The pages of the other server, without scripts. Ids are those of our own pages, so that the same person fills them in.

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text) => String(text).replace(/[&<>"]/g, (character) => entities[character]);

const page = (id, body) =>
  `<!DOCTYPE html><html lang="en"><head><title>${id}</title></head><body id="${id}">${body}</body></html>`;

export const login = () => page('login-page', `<form method="post" action="">
  <input name="username"><input type="password" name="password"><button id="login-submit">Sign in</button></form>`);

export const consent = (client, details) => page('consent-page', `<p>${escaped(client)} wants
  <code id="consent-details">${escaped(JSON.stringify(details))}</code></p><form method="post" action="">
  <button id="consent-approve" name="decision" value="approve">Allow</button>
  <button id="consent-deny" name="decision" value="deny">Deny</button></form>`);

/** The forms of the server come without buttons. */
const within = (form, buttons) => form.replace('</form>', `${buttons}</form>`);

export const deviceCode = (form) => page('device-code-page', within(form, '<button id="device-submit">Continue</button>'));

export const deviceConfirm = (form, code) => page('device-confirm-page', `<code>${escaped(code)}</code>` + within(form, `
  <button id="device-approve">Continue</button><button id="device-deny" name="abort" value="yes">Abort</button>`));

export const deviceDone = () => page('device-result-page', '<p id="device-approved">You can go back to the device.</p>');

export const logout = (form) =>
  page('logout-page', within(form, '<button id="logout-yes" name="logout" value="yes">Sign out</button>'));

export const failed = (out) => page('error-page', `<pre>${escaped(JSON.stringify(out))}</pre>`);
