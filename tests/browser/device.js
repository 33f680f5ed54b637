// A device of the fixtures: the requests that it makes.

import { issuer } from './person.js';

async function post(path, form) {
  const answer = await fetch(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return answer.json();
}

/** Asks for the codes of a television. */
export const askCodes = () => post('/oauth/device/code', { client_id: 'tv' });

/** Asks for the tokens. */
export const pollTokens = (codes) =>
  post('/oauth/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: codes.device_code,
    client_id: 'tv',
  });
