import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { approximateBytes, cutBatches } from '../../../lib/integrations/rest/batches';

describe('batches', () => {
  it('hold every record once, in order, within both limits', () => {
    const records = fc.array(fc.record({ id: fc.nat(), text: fc.string({ maxLength: 300 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        records,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 50, max: 1000 }),
        (page, most, bytes) => {
          const pageBytes = page.reduce((sum, record) => sum + approximateBytes(record), 0);
          const batches = [...cutBatches(page, pageBytes, { maxRecords: most, maxBytes: bytes })];

          expect(batches.flat()).toEqual(page);
          for (const batch of batches) {
            const size = batch.reduce((sum, record) => sum + approximateBytes(record), 0);
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(most);
            expect(batch.length === 1 || size <= bytes).toBe(true);
          }
        },
      ),
    );
  });
});
