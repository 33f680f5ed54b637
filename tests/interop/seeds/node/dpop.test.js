// The DPoP client in TypeScript.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, program, start } from './blocks.js';

test('a bound token, and a call of the API with it', async () => {
  const { code, verifier } = login('01HPQS4VWXYZ01', 'https://myapp.example.com/callback', 'read');
  const environment = { AUTH_CODE: code, CODE_VERIFIER: verifier };
  const printed = await start([program('003/013-dpop-client.ts')], environment).ended;
  assert.match(printed, /Token Type: DPoP/);
  assert.match(printed, /User Data: /);
});
