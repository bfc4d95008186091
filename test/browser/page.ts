/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Page } from '@playwright/test';
import { Client } from '../support/client.js';

export { expect };

export const url = process.env['VAULT_BROWSER_URL'] ?? '';
export const key = process.env['VAULT_BROWSER_KEY'] ?? '';

/** What the start of the server has printed for a person to open. */
export const printedAddress = process.env['VAULT_BROWSER_ADDRESS'] ?? '';

/** Speaks to the API beside the page, as somebody else would. */
export const api = new Client(url, { authorization: `Bearer ${key}` });

/** Every view is looked at in each of these. */
export const sizes = [
  ['wide-light', { width: 1280, height: 860 }, 'light'],
  ['wide-dark', { width: 1280, height: 860 }, 'dark'],
  ['narrow-light', { width: 360, height: 780 }, 'light'],
  ['narrow-dark', { width: 360, height: 780 }, 'dark'],
] as const;

const README_PICTURES = ['customers-wide-light', 'customer-wide-light', 'customer-narrow-dark', 'explorer'];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A test whose page may neither break the security policy nor fail in a script. */
export const test = base.extend<{ watched: undefined }>({
  watched: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) faults.push(message.text());
      });
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens a page of the dashboard, signed in with a key. */
export async function open(page: Page, path = '', secret = key): Promise<void> {
  await page.addInitScript((value) => {
    if (location.pathname.startsWith('/dashboard')) sessionStorage.setItem('vault-api-key', value);
  }, secret);
  await page.goto(`${url}/dashboard${path}`);
}

/** The key that this tab keeps; null when it is not signed in. */
export function keptKey(page: Page): Promise<string | null> {
  return page.evaluate(() => sessionStorage.getItem('vault-api-key'));
}

/** A key of the same merchant that has these scopes alone. */
export async function aKeyWith(...scopes: string[]): Promise<string> {
  const answer = await api.execute(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { label: scopes.join(' ').slice(0, 50), scopes } },
  );
  return answer.expectData().createApiKey.secret;
}

/** Keeps a picture of what the page shows: for a look after a run, and for the README with VAULT_PICTURES=1. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const path = `test-results/views/${name}.png`;
  await page.screenshot({ path, fullPage });
  if (process.env['VAULT_PICTURES'] && README_PICTURES.includes(name)) {
    await page.screenshot({ path: `docs/images/${name}.png` });
  }
}

/** The accessibility rules (WCAG 2.2 A and AA, and best practices) that the page breaks, with where. */
export async function axeViolations(page: Page, exclude: string[] = []): Promise<string[]> {
  await page.evaluate(axe);
  // What is still fading in has not its own colours yet. What moves for as long as it is there is not waited for.
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    // One that is cut off has ended, too.
    return Promise.allSettled(ending.map(({ finished }) => finished));
  });
  return page.evaluate(async (excluded) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window.
    const { violations } = await (window as any).axe.run({ exclude: excluded });
    return violations.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
    );
  }, exclude);
}

/** Whether nothing sticks out of the page to the right. */
export function fitsItsWidth(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}
