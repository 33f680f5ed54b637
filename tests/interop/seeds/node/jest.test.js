// The integration tests that are printed, under jest.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compiled, issuer, modules, start } from './blocks.js';

test('every test passes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seed-jest-'));
  writeFileSync(join(folder, 'oauth.test.js'), compiled('003/009-oauth-test.ts', { format: 'cjs' }));
  // The tests call paths, as on a page of the server.
  writeFileSync(
    join(folder, 'base.js'),
    `const { fetch } = globalThis;
     globalThis.fetch = (path, options) => fetch(new URL(path, ${JSON.stringify(issuer)}), options);`,
  );
  const config = { rootDir: folder, transform: {}, testEnvironment: 'node', setupFiles: ['<rootDir>/base.js'] };
  const jest = start([join(modules, 'jest/bin/jest.js'), '--ci', '--config', JSON.stringify(config)]);
  assert.match(await jest.ended, /Tests: +8 passed, 8 total/);
});
