// What a file of tests plays on.

import { after, before } from 'node:test';
import { startApplication } from './application.js';
import { launch } from './chromium.js';

/**
 * A browser, and an application where the fixtures have one; there before the first test and gone after the last.
 * `prepare` is what else comes before the first.
 */
export function setStage(prepare = async () => {}) {
  const stage = {};
  before(async () => {
    stage.application = await startApplication();
    stage.browser = await launch({ 'localhost:3000': stage.application.address });
    await prepare(stage);
  });
  after(async () => {
    await stage.browser?.close();
    stage.application?.close();
  });
  return stage;
}
