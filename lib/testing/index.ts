/**
 * The package `headrace/testing`: assets, jobs, schedules and sensors run in memory, with fakes.
 *
 * @example
 * const result = await materialize(earthquakes, { partition: '2026-01-02', resources: { usgs: fakeUsgs } });
 * expect(result.metadata.rows).toBe(3);
 */
export { type EvaluationResult, evaluateSchedule, evaluateSensor } from './evaluate-instigators';
export { type ExecuteJobOptions, type ExecuteJobResult, executeJob } from './execute-job';
export { type FakeClock, fakeClock } from './fake-clock';
export {
  type MaterializeManyResult,
  type MaterializeOptions,
  type MaterializeResultOf,
  materialize,
} from './materialize';
export { type ObserveOptions, type ObserveResultOf, observe } from './observe';
export type { MaterializeManyOptions } from './run-assets';
export { type TestPastMaterialization, TestRunError } from './run-in-memory';
export type { PlainMetadata, TestLog, TestMaterialization, TestObservation } from './test-result';
