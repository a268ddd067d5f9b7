import type { Browser, CDPSession, Page } from 'playwright-core';
import { type OpenedPage, openPage } from './dashboard-browser';

/** What a page cost its reader until it was there. */
export interface PageCost {
  /** CPU of the page's main thread, and of that in scripts. */
  readonly taskMilliseconds: number;
  readonly scriptMilliseconds: number;
  /** CPU of the page's whole process, workers included. */
  readonly processMilliseconds: number;
  readonly heapMegabytes: number;
  /** Other requests than those before: what is polled counts once. */
  readonly requests: number;
  /** As they came over the wire. */
  readonly kilobytes: number;
  /** Sum of all layout shifts that no input caused. */
  readonly layoutShift: number;
  readonly elements: number;
  /** Rows of tables, grids and lists in the page's main part. */
  readonly rows: number;
}

export interface MeasuredPage extends OpenedPage {
  /** Reads the cost so far, once nothing is under way. */
  cost(): Promise<PageCost>;
  /** GraphQL operations asked for so far, by name. */
  readonly operations: readonly string[];
}

const OBSERVE_SHIFTS = `
  window.layoutShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Opens a page of its own context, and so of its own process, with everything counted from its first byte. */
export async function openMeasured(
  browser: Browser,
  url: string,
  options: Parameters<typeof openPage>[2] & { readonly isClockManual?: boolean } = {},
): Promise<MeasuredPage> {
  let session: CDPSession | undefined;
  let bytes = 0;
  const requests = new Set<string>();
  const operations: string[] = [];
  const underWay = new Set<object>();
  const prepare = async (page: Page): Promise<void> => {
    if (options.isClockManual) await page.clock.install();
    session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    page.on('request', (request) => {
      underWay.add(request);
      const body = request.postData() ?? '';
      requests.add(`${request.url()} ${body}`);
      const name = /"operationName":"(\w+)"/.exec(body)?.[1];
      if (name !== undefined) operations.push(name);
    });
    page.on('requestfinished', (request) => underWay.delete(request));
    page.on('requestfailed', (request) => underWay.delete(request));
    await page.addInitScript(OBSERVE_SHIFTS);
  };
  const opened = await openPage(browser, url, { ...options, prepare });
  const { page } = opened;
  return {
    ...opened,
    operations,
    cost: async () => {
      await page.evaluate('document.fonts.ready');
      while (underWay.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      return {
        ...(await readPage(page, session)),
        requests: requests.size,
        kilobytes: Math.round(bytes / 1_000),
      };
    },
  };
}

async function readPage(
  page: Page,
  session: CDPSession | undefined,
): Promise<Omit<PageCost, 'requests' | 'kilobytes'>> {
  const { metrics = [] } = (await session?.send('Performance.getMetrics')) ?? {};
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  const shown = (await page.evaluate(`({
    layoutShift: window.layoutShift,
    elements: document.querySelectorAll('*').length,
    rows: document.querySelectorAll('main :is([role=row], tr, li)').length,
  })`)) as Pick<PageCost, 'layoutShift' | 'elements' | 'rows'>;
  return {
    taskMilliseconds: Math.round(metric('TaskDuration') * 1_000),
    scriptMilliseconds: Math.round(metric('ScriptDuration') * 1_000),
    processMilliseconds: Math.round(metric('ProcessTime') * 1_000),
    heapMegabytes: Math.round(metric('JSHeapUsedSize') / 1e5) / 10,
    ...shown,
    layoutShift: Math.round(shown.layoutShift * 1e4) / 1e4,
  };
}
