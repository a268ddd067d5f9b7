import sparticuz from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { onceInRun } from './once';
import { keptToken } from './signed-in';

/** How long a test waits for what it wants to see; long, so that a busy machine fails none. */
export const PATIENCE_MS = 120_000;

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors in its console, exceptions, refusals of the security policy. */
  readonly complaints: string[];
}

/**
 * Starts the browser that comes as a package. Its own arguments are left out: they put everything into one
 * process, in which closing a page's context ends the browser.
 */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    // The package unpacks it where it is not yet; whoever comes meanwhile would start a half of it.
    executablePath: await onceInRun('browser', () => sparticuz.executablePath()),
    args: ['--no-sandbox', '--disable-gpu'],
    headless: true,
  });
}

/** Opens a page of its own context, in Berlin's zone; a server of this process knows its browser already. */
export async function openPage(
  browser: Browser,
  url: string,
  options: {
    readonly theme?: 'light' | 'dark';
    readonly width?: number;
    readonly height?: number;
    /** Fingers instead of a mouse. */
    readonly touch?: boolean;
    /** Before the page's first byte. */
    readonly prepare?: (page: Page) => Promise<void>;
  } = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1_440, height: options.height ?? 900 },
    colorScheme: options.theme ?? 'light',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...(options.touch ? { hasTouch: true, isMobile: true } : {}),
  });
  const kept = keptToken(url);
  if (kept !== undefined) {
    await context.addInitScript(
      `if (origin === ${JSON.stringify(new URL(url).origin)}) localStorage.setItem(...${JSON.stringify(kept)})`,
    );
  }
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await options.prepare?.(page);
  await page.goto(url);
  return { page, context, complaints };
}
