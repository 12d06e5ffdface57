// The browser of tests/browser. Run by itself, ahead of them, it says how to get one where there is none.
import { existsSync } from 'node:fs';
import { exit } from 'node:process';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const { CHROMIUM } = process.env;
export const chromiumPath = (CHROMIUM ? [CHROMIUM] : candidates).find(existsSync) ?? '';

if (import.meta.main && !chromiumPath) {
  console.error(`The browser tests need Chromium, and ${CHROMIUM ? `${CHROMIUM} is not there` : 'none is installed'}.
Install it:
  Debian, Ubuntu   apt-get install chromium
  macOS            brew install --cask chromium
or name one that is elsewhere:
  CHROMIUM=/path/to/chromium npm run test:browser`);
  exit(1);
}
