// The DPoP client in TypeScript.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awaits, login, program, start } from './blocks.js';

async function printed() {
  const { code, verifier } = login('01HPQS4VWXYZ01', 'https://myapp.example.com/callback', 'read');
  const environment = { AUTH_CODE: code, CODE_VERIFIER: verifier };
  return start([program('003/013-dpop-client.ts')], environment).ended;
}

test('a bound token', awaits('DPoP'), async () => {
  assert.match(await printed(), /Token Type: DPoP/);
});

test('a call of the API with it', awaits('DPoP at the sample API'), async () => {
  assert.match(await printed(), /User Data: /);
});
