import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * axe for a page without frames. Looking for frames takes another page each time, and telling what is right takes axe
 * most of its time: asked for violations alone it finds the same ones in a quarter of it.
 */
export const axeOn = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
