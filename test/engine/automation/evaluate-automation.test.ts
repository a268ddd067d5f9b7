import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AutomationCondition, automation } from '../../../lib/definitions/automation';
import { freshness } from '../../../lib/definitions/freshness';
import { unpackEvaluation } from '../../../lib/model/automation-evaluation';
import type { ManifestSketch } from '../support/build-manifest';
import { AutomationWorld } from './automation-world';

const START = Date.UTC(2026, 2, 10);
const MINUTE = 60_000;
const of = (condition: AutomationCondition) => ({ automationCondition: condition.toSpec() });

/** A world whose ticks are a minute apart. */
class Minutes extends AutomationWorld {
  now = START;

  next(): string[] {
    this.now += MINUTE;
    return this.requested(this.tick(this.now));
  }

  make(key: string, runId: string | null = null): void {
    this.update(key, this.now + 1, { runId });
  }
}

const world = (sketch: ManifestSketch): Minutes => new Minutes(sketch);

describe('conditions on runs', () => {
  it('tell who made an update', () => {
    const tags = { source: 'api' };
    const minutes = world({
      assets: {
        p: {},
        any: { after: ['p'], ...of(automation.anyDepsMatch(automation.anyNewUpdateHasRunTags(tags))) },
        all: { after: ['p'], ...of(automation.anyDepsMatch(automation.allNewUpdatesHaveRunTags(tags))) },
        last: { after: ['p'], ...of(automation.anyDepsMatch(automation.executedWithTags(tags))) },
      },
    });
    minutes.next();
    minutes.startRun('tagged', ['p'], null, tags);
    minutes.startRun('other', ['p']);
    minutes.make('p', 'tagged');
    minutes.make('p', 'other');
    expect(minutes.next()).toEqual(['any']);
    minutes.make('p', 'tagged');
    expect(minutes.next()).toEqual(['all', 'any', 'last']);
    expect(minutes.next()).toEqual(['last']);
  });

  it('of a failed one hold until it is made', () => {
    const minutes = world({ assets: { a: of(automation.executionFailed()) } });
    minutes.startRun('r1', ['a']);
    minutes.finishRun('r1', 'FAILURE', [], START);
    expect(minutes.next()).toEqual(['a']);
    minutes.startRun('r2', ['a']);
    minutes.finishRun('r2', 'SUCCESS', ['a'], START);
    expect(minutes.next()).toEqual([]);
  });
});

describe('conditions on versions', () => {
  it('see a change of the code once, and not the first version', () => {
    const condition = of(automation.codeVersionChanged());
    const minutes = world({ assets: { a: { ...condition, codeVersion: null } } });
    minutes.next();
    minutes.reload({ assets: { a: { ...condition, codeVersion: '1' } } });
    expect(minutes.next()).toEqual([]);
    minutes.reload({ assets: { a: { ...condition, codeVersion: '2' } } });
    expect([minutes.next(), minutes.next()]).toEqual([['a'], []]);
  });
});

describe('conditions on freshness', () => {
  it('follow the policy', () => {
    const policy = freshness.timeWindow({ failWindow: '3m', warnWindow: '2m' });
    const minutes = world({
      assets: {
        a: { freshnessPolicy: policy, ...of(automation.freshnessFailed()) },
        b: { freshnessPolicy: policy, ...of(automation.freshnessWarned()) },
        c: { freshnessPolicy: policy, ...of(automation.freshnessPassed()) },
        d: of(automation.freshnessPassed()),
      },
    });
    expect(minutes.next()).toEqual([]);
    for (const key of ['a', 'b', 'c', 'd']) minutes.make(key);
    expect([minutes.next(), minutes.next(), minutes.next(), minutes.next()]).toEqual([
      ['c'],
      ['c'],
      ['b'],
      ['a'],
    ]);
  });
});

describe('conditions on checks', () => {
  it('count a check of the latest materialization only, and blocking ones where asked for', () => {
    const passed = (options?: { blockingOnly: boolean }) =>
      automation.anyDepsMatch(automation.allChecksMatch(automation.checkPassed(), options));
    const minutes = world({
      assets: {
        p: {},
        all: { after: ['p'], ...of(passed()) },
        blocking: { after: ['p'], ...of(passed({ blockingOnly: true })) },
        failed: {
          after: ['p'],
          ...of(automation.anyDepsMatch(automation.anyChecksMatch(automation.checkFailed()))),
        },
      },
      checks: [
        { asset: 'p', name: 'strict', blocking: true },
        { asset: 'p', name: 'loose' },
      ],
    });
    minutes.make('p', 'r1');
    expect(minutes.next()).toEqual([]);
    minutes.check('p', 'strict', 'SUCCEEDED', 'r1');
    expect(minutes.next()).toEqual(['blocking']);
    minutes.check('p', 'loose', 'FAILED', 'r1');
    expect(minutes.next()).toEqual(['blocking', 'failed']);
    minutes.check('p', 'loose', 'SUCCEEDED', 'r1');
    expect(minutes.next()).toEqual(['all', 'blocking']);
    minutes.make('p', 'r2');
    expect(minutes.next()).toEqual([]);
  });
});

describe('what is made together', () => {
  it('is asked for together', () => {
    const minutes = world({
      assets: { a: { op: 'both', ...of(automation.missing()) }, b: { op: 'both' } },
      ops: { both: { canSubset: false } },
    });
    expect(minutes.next()).toEqual(['a', 'b']);
    minutes.reload({
      assets: { a: { op: 'both', ...of(automation.missing()) }, b: { op: 'both' } },
      ops: { both: { canSubset: true } },
    });
    expect(minutes.next()).toEqual(['a']);
  });
});

describe('conditions of downstream', () => {
  it('are those of all assets below, without what they take from further below', () => {
    const minutes = world({
      assets: {
        a: of(automation.anyDownstreamConditions()),
        b: { after: ['a'], ...of(automation.anyDownstreamConditions().or(automation.executionFailed())) },
        c: { after: ['b'], ...of(automation.newlyMissing()) },
      },
    });
    // `b` and `c` speak of `a` when they are evaluated for it.
    expect(minutes.next()).toEqual(['a', 'b', 'c']);
    expect(minutes.next()).toEqual([]);
    minutes.startRun('r', ['a']);
    minutes.finishRun('r', 'FAILURE', [], START);
    expect(minutes.next()).toEqual(['a']);
  });
});

describe('a condition that cannot be evaluated', () => {
  it('misses nothing once it can', () => {
    const good = { after: ['p'], ...of(automation.anyDepsUpdated()) };
    const minutes = world({ assets: { p: {}, a: good } });
    minutes.next();
    minutes.reload({ assets: { p: {}, a: { ...good, automationCondition: { op: 'unheard_of' } } } });
    minutes.make('p');
    minutes.now += MINUTE;
    const failed = minutes.tick(minutes.now);
    expect(failed.errors.map(({ key }) => key)).toEqual(['a']);
    minutes.next();
    minutes.reload({ assets: { p: {}, a: good } });
    expect([minutes.next(), minutes.next()]).toEqual([['a'], []]);
  });
});

const leaves = fc.constantFrom(
  automation.missing(),
  automation.newlyUpdated(),
  automation.newlyRequested(),
  automation.anyDepsUpdated(),
  automation.inProgress(),
  automation.initialEvaluation(),
);
const { tree: conditions } = fc.letrec<{ tree: AutomationCondition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => a.and(b)),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => a.or(b)),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => a.since(b)),
    tie('tree').map((a) => a.not()),
    tie('tree').map((a) => a.newlyTrue()),
  ),
}));
const histories = fc.array(fc.subarray(['p', 'a']), { minLength: 2, maxLength: 5 });

/** What each tick asks for of `a`, while the assets of each step of the history are made before it. */
function ask(condition: AutomationCondition, history: readonly (readonly string[])[]): boolean[] {
  const minutes = world({ assets: { p: {}, a: { after: ['p'], ...of(condition) } } });
  return history.map((made) => {
    for (const key of made) minutes.make(key);
    return minutes.next().includes('a');
  });
}

describe('any condition', () => {
  it('is what its negation is not', () => {
    fc.assert(
      fc.property(conditions, histories, (condition, history) => {
        // Where it does not depend on what was asked for, which differs between the two.
        fc.pre(!JSON.stringify(condition).includes('requested'));
        expect(ask(condition.not(), history)).toEqual(ask(condition, history).map((truth) => !truth));
      }),
    );
  });

  it('is the same under a label, and told as it was evaluated', () => {
    fc.assert(
      fc.property(conditions, histories, (condition, history) => {
        expect(ask(condition.withLabel('named'), history)).toEqual(ask(condition, history));
        const minutes = world({ assets: { p: {}, a: { after: ['p'], ...of(condition) } } });
        const { evaluations, shapes, requests } = minutes.tick(START);
        const [told] = evaluations;
        const shape = shapes.get(told?.packed.shape ?? '');
        if (told === undefined || shape === undefined) throw new Error('the first evaluation is always told');
        expect(unpackEvaluation(told.packed, shape)).toMatchObject({
          asset: 'a',
          numTrue: requests.has('a') ? 1 : 0,
          truth: requests.has('a'),
        });
      }),
    );
  });

  it('asks nothing else when the same code is loaded again between ticks', () => {
    fc.assert(
      fc.property(conditions, histories, (condition, history) => {
        const sketch = () => ({
          assets: { p: {}, a: { after: ['p'], automationCondition: JSON.parse(JSON.stringify(condition)) } },
        });
        const minutes = world(sketch());
        const asked = history.map((made) => {
          minutes.reload(sketch());
          for (const key of made) minutes.make(key);
          return minutes.next().includes('a');
        });
        expect(asked).toEqual(ask(condition, history));
      }),
    );
  });
});
