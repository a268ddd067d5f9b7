import { heapFlags } from '../../lib/execution/heap-flags';

test('Three quarters of a task are heap; without a container, of the default task', () => {
  expect(heapFlags(1_024 * 1_024 * 1_024)).toContain('--max-old-space-size=768');
  expect(heapFlags(undefined)).toEqual(['--max-old-space-size=1536', '--max-semi-space-size=4']);
});

test('NODE_OPTIONS has the last word, however it is spelt', () => {
  expect(heapFlags(undefined, '--max_old_space_size=9000')).toEqual(['--max-semi-space-size=4']);
  expect(heapFlags(undefined, '--max-semi-space-size=64')).toEqual(['--max-old-space-size=1536']);
});
