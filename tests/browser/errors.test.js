// Requests that have no answer to an application: the error page, and never a redirect.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withWindow } from './chromium.js';
import { answerAt, assertRefused, authorizationUrl, web } from './client.js';
import { issuer } from './person.js';
import { setStage } from './stage.js';

const stage = setStage();

/** Each with the status, the error code and the cause that the page shows. */
const pages = {
  'no client': [authorizationUrl(web, { client_id: undefined }), 400, 'invalid_request', 'client_id_missing'],
  'an unknown client': [
    authorizationUrl(web, { client_id: 'unknown' }),
    400,
    'invalid_request',
    'client_unknown_at_authorize',
  ],
  'a redirect URI of somebody else': [
    authorizationUrl(web, { redirect_uri: 'http://localhost:3000/other' }),
    400,
    'invalid_request',
    'redirect_uri_unregistered',
  ],
  'no redirect URI': [
    authorizationUrl(web, { redirect_uri: undefined }),
    400,
    'invalid_request',
    'redirect_uri_missing',
  ],
  'a parameter twice': [`${authorizationUrl(web)}&scope=read`, 400, 'invalid_request', 'parameter_repeated'],
  'a damaged interaction': [`${issuer}/consent?interaction=damaged`, 403, 'access_denied', 'interaction_expired'],
  'no such page': [`${issuer}/nothing-here`, 404, 'not_found', 'not_found'],
};

for (const [name, [address, status, code, cause]] of Object.entries(pages)) {
  test(`error page: ${name}`, async () => {
    await withWindow(stage.browser, {}, async (page) => {
      const response = await page.goto(address);
      assert.equal(page.url(), address, 'it redirects nowhere');
      assert.equal(await page.getAttribute('body', 'id'), 'error-page');
      const shown = async (id) => (await page.textContent(id)).trim();
      assert.equal(await shown('#error-code'), code);
      assert.equal(await shown('#cause-id'), cause);
      assert.equal(response.status(), status);
      assert.equal(await shown('#error-status'), String(status));
      assert.match(await shown('#request-id'), /^[0-9a-f]+-[0-9a-f]+$/);
      assert.ok((await shown('#error-hint')).length > 10);
    });
  });
}

/** What is the application's own mistake is told to it, once the redirect URI is known to be its own. */
const redirected = {
  'no response_type': [{ response_type: undefined }, 'invalid_request'],
  'a response_type that is not there': [{ response_type: 'token' }, 'unsupported_response_type'],
  'no PKCE': [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  'plain PKCE': [{ code_challenge_method: 'plain' }, 'invalid_request'],
  'a scope of others': [{ scope: 'openid admin' }, 'invalid_scope'],
  'prompt=none with another': [{ prompt: 'none login' }, 'invalid_request'],
  'a request object': [{ request: 'x.y.z' }, 'invalid_request_object'],
};

for (const [name, [more, error]] of Object.entries(redirected)) {
  test(`told to the application: ${name}`, async () => {
    await withWindow(stage.browser, {}, async (page) => {
      await page.goto(authorizationUrl(web, more));
      assertRefused(await answerAt(page, web), error);
    });
  });
}
