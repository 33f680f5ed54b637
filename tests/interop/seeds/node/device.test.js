// The device client in TypeScript: it prints where to go and polls until somebody has been there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerDevice, program, start } from './blocks.js';

for (const [decision, expected] of [
  ['approve', '✅ Authorization successful!'],
  ['deny', '❌ Authorization failed: Device authorization access_denied'],
]) {
  test(`${decision} a device`, async () => {
    const device = start([program('003/011-device-client.ts')]);
    const [, address] = await device.until(/Or visit: (\S+)/);
    answerDevice(address, decision);
    assert.ok((await device.ended).includes(expected), await device.ended);
  });
}
