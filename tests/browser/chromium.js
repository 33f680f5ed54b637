// A real browser, on its own for each file of tests, that keeps an eye on what its pages complain about.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts Chromium with a profile of its own. `addresses` says where registered hosts really are: an application of the
 * fixtures is at http://localhost:3000, which is not ours to listen on, so the browser finds it on a port that was free.
 */
export function launch(addresses = {}) {
  const rules = Object.entries(addresses).map(([host, address]) => `MAP ${host} ${address}`);
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...args, `--host-resolver-rules=${rules.join(', ')}`],
  });
}

/** A browser window without cookies. `complaints` collects errors of the console and of scripts. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  context.setDefaultTimeout(10_000);
  const complaints = [];
  context.on('console', (message) => {
    if (message.type() === 'error' && !isStatus(message)) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  return { context, page: await context.newPage(), complaints };
}

/** A page that comes with a status of 400 or more is not an error of the page; a script or style that does is. */
function isStatus(message) {
  const isOfPage = message.location().url === message.page()?.url();
  return isOfPage && message.text().startsWith('Failed to load resource: the server responded with a status of');
}

/** Runs `body` in a window of its own, which must not complain. */
export async function withWindow(browser, options, body) {
  const { context, page, complaints } = await open(browser, options);
  try {
    await body(page, context);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}
