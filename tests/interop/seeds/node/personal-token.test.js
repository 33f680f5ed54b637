// A personal access token by the call that is printed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { introspect, issuer, program, start, userToken } from './blocks.js';

test('by the API', async () => {
  const token = await userToken('native', 'yourapp://oauth/callback', 'read write');
  const page = new URL('page.mjs', import.meta.url).pathname;
  const client = start(['--import', page, program('003/008-api-method.ts')], { USER_ACCESS_TOKEN: token });
  const [, personal] = (await client.ended).match(/Your API token: (\S+)/) ?? [];
  assert.ok(personal, await client.ended);
  const found = await introspect(personal);
  assert.deepEqual([found.active, found.scope], [true, 'read write']);
  const answer = await fetch(`${issuer}/api/user`, { headers: { Authorization: `Bearer ${personal}` } });
  assert.equal(answer.status, 200);
});
