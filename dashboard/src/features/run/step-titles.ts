import { assetOpName, keyText } from '../../components/format/asset-key';
import type { RunEvent } from './run-types';

/** Step key → what readers call the step, where that is the key of the one asset that it makes. */
export type StepTitles = ReadonlyMap<string, string>;

export function stepTitles(events: readonly RunEvent[]): StepTitles {
  const titles = new Map<string, string>();
  for (const event of events) {
    if (!('assetKey' in event) || !event.assetKey || !('stepKey' in event) || !event.stepKey) continue;
    if (assetOpName(event.assetKey) === event.stepKey) titles.set(event.stepKey, keyText(event.assetKey));
  }
  return titles;
}
