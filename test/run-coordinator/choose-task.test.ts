import fc from 'fast-check';
import type { TaskSettings } from '../../lib/model/task-settings';
import { chooseTask, TaskChoiceError } from '../../lib/run-coordinator/choose-task';
import { fargateSizeProblem } from '../../lib/run-coordinator/fargate-sizes';

const LOCATION: TaskSettings = {
  capacity: 'fargate',
  cpu: 1024,
  memory: 2048,
  images: ['gpu', 'oracle'],
  roles: ['exporter'],
};

describe('the task of a run', () => {
  test.each<[Record<string, string>, Partial<TaskSettings>, object]>([
    [{}, {}, { capacity: 'fargate', cpu: 1024, memory: 2048 }],
    [{ 'headrace/memory': '8192' }, {}, { memory: 8192 }],
    [{ 'ecs/cpu': '256', 'ecs/memory': '512' }, {}, { cpu: 256, memory: 512 }],
    [{ 'headrace/cpu': '2048', 'ecs/cpu': '256', 'ecs/memory': '4096' }, {}, { cpu: 2048, memory: 4096 }],
    [{ 'headrace/image': 'gpu', 'headrace/task_role': 'exporter' }, {}, { image: 'gpu', role: 'exporter' }],
    [{ 'headrace/spot': 'true' }, {}, { capacity: 'fargate_spot' }],
    [{}, { capacity: 'fargate_spot' }, { capacity: 'fargate_spot' }],
    [{ 'headrace/spot': 'false' }, { capacity: 'fargate_spot' }, { capacity: 'fargate' }],
    [{ 'headrace/spot': 'true' }, { capacity: 'external' }, { capacity: 'external' }],
    // A server of one's own has whatever it has.
    [
      { 'headrace/cpu': '3000', 'headrace/memory': '5000' },
      { capacity: 'external' },
      { cpu: 3000, memory: 5000 },
    ],
  ])('With tags %j at a location with %j it is %j', (tags, settings, expected) => {
    expect(chooseTask(tags, { ...LOCATION, ...settings })).toMatchObject(expected);
  });

  test('Nothing but what was asked for is named', () => {
    expect(chooseTask({ 'headrace/launcher': 'fargate' }, LOCATION)).toEqual({
      capacity: 'fargate',
      cpu: 1024,
      memory: 2048,
    });
  });

  test('A run that lost a worker is not put on Spot capacity again', () => {
    const spot: TaskSettings = { ...LOCATION, capacity: 'fargate_spot' };
    expect([0, 1, 2].map((lost) => chooseTask({}, spot, lost).capacity)).toEqual([
      'fargate_spot',
      'fargate',
      'fargate',
    ]);
    expect(chooseTask({ 'headrace/spot': 'true' }, spot, 1).capacity).toBe('fargate');
  });

  test.each<[Record<string, string>, RegExp]>([
    [
      { 'headrace/image': 'gpus' },
      /headrace\/image is "gpus", but declared are gpu, oracle\..*gpu.*workspace\.yaml/,
    ],
    [{ 'headrace/task_role': 'admin' }, /headrace\/task_role is "admin", but declared are exporter\./],
    [{ 'headrace/cpu': '1 vCPU' }, /headrace\/cpu is "1 vCPU": give a whole number of CPU units, 1024/],
    [{ 'ecs/memory': '0' }, /ecs\/memory is "0": give a whole number of MB/],
    [{ 'headrace/memory': '1e3' }, /headrace\/memory is "1e3"/],
    [{ 'headrace/spot': 'yes' }, /headrace\/spot is "yes": give true or false/],
    [
      { 'headrace/cpu': '4096' },
      /4096 CPU units and 2048 MB cannot be had: .*takes 8192 to 30720 in steps of 1024 MB/,
    ],
    [{ 'headrace/cpu': '1000' }, /Fargate has 256, 512, 1024, 2048, 4096, 8192, 16384 CPU units/],
    [{ 'headrace/cpu': '256', 'headrace/memory': '1536' }, /takes 512, 1024, 2048 MB/],
  ])('Tags %j are refused', (tags, message) => {
    expect(() => chooseTask(tags, LOCATION)).toThrow(message);
  });

  test('Everything that is wrong is said at once; a location without images says so', () => {
    const tags = { 'headrace/image': 'x', 'headrace/task_role': 'y', 'headrace/spot': 'z' };
    expect(() => chooseTask(tags, { ...LOCATION, images: [], roles: [] })).toThrow(
      expect.objectContaining({
        name: 'TaskChoiceError',
        problems: [
          expect.stringContaining('its location declares no images'),
          expect.stringContaining('its location declares no roles'),
          expect.stringContaining('"z"'),
        ],
      }),
    );
    expect(new TaskChoiceError(['a', 'b']).message).toBe('a b');
  });

  test('Whatever the tags say, what is chosen fits Fargate and is declared', () => {
    const anyTags = fc.record(
      {
        'headrace/cpu': fc.constantFrom('256', '512', '1024', '2048', '16384', 'x', '-1'),
        'headrace/memory': fc.oneof(fc.constantFrom('512', '2048', '8192'), fc.nat(130_000).map(String)),
        'headrace/image': fc.constantFrom('gpu', 'oracle', 'other', ''),
        'headrace/task_role': fc.constantFrom('exporter', 'other'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyTags, (tags) => {
        try {
          const { cpu, memory, image, role } = chooseTask(tags, LOCATION);
          expect(fargateSizeProblem({ cpu, memory })).toBeUndefined();
          expect([...LOCATION.images, undefined]).toContain(image);
          expect([...LOCATION.roles, undefined]).toContain(role);
        } catch (error) {
          if (!(error instanceof TaskChoiceError)) throw error;
        }
      }),
    );
  });
});

test('Sizes are those of the table of Fargate', () => {
  const offered = [256, 512, 1024, 2048, 4096, 8192, 16384].map((cpu) => {
    const sizes = Array.from({ length: 512 }, (_, index) => (index + 1) * 256);
    const memory = sizes.filter((size) => fargateSizeProblem({ cpu, memory: size }) === undefined);
    return [cpu, memory.length, memory[0], memory.at(-1)];
  });
  expect(offered).toEqual([
    [256, 3, 512, 2048],
    [512, 4, 1024, 4096],
    [1024, 7, 2048, 8192],
    [2048, 13, 4096, 16_384],
    [4096, 23, 8192, 30_720],
    [8192, 12, 16_384, 61_440],
    [16384, 12, 32_768, 122_880],
  ]);
});
