import { type SelectableStep, StepSelectionError, selectSteps } from '../../lib/model/select-steps';

const steps: readonly SelectableStep[] = [
  { key: 'extract', deps: [] },
  { key: 'clean', deps: ['extract'] },
  { key: 'load', deps: ['clean'] },
  { key: 'check', deps: ['load'] },
  { key: 'report', deps: ['check', 'elsewhere'] },
  { key: 'side', deps: ['extract'] },
];

describe('step selections', () => {
  it.each([
    ['load', ['load']],
    ['+load', ['clean', 'load']],
    ['++load', ['extract', 'clean', 'load']],
    ['load+', ['load', 'check']],
    ['load++', ['load', 'check', 'report']],
    ['*load', ['extract', 'clean', 'load']],
    ['*load+', ['extract', 'clean', 'load', 'check']],
    ['extract*', ['extract', 'clean', 'load', 'check', 'report', 'side']],
    ['*', ['extract', 'clean', 'load', 'check', 'report', 'side']],
    ['side, load', ['load', 'side']],
    ['', []],
  ])('%s selects %j, in the order of the graph', (selection, keys) => {
    expect(selectSteps(selection, steps)).toEqual(keys);
  });

  it('can be a list', () => {
    expect(selectSteps(['side', '+load'], steps)).toEqual(['clean', 'load', 'side']);
  });

  it('refuse what they cannot read, and steps that do not exist', () => {
    expect(() => selectSteps('lo*ad', steps)).toThrow(StepSelectionError);
    expect(() => selectSteps('+loadd', steps)).toThrow(
      "Step selection '+loadd' names no step of this job. Did you mean 'load'?",
    );
  });
});
