/** User code for tests with real processes: what `bundle.mjs` exports. */
import { execSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepContext } from '../../../lib/definitions/loaded-definitions';
import type { JsonObject } from '../../../lib/model/json';
import { dailyPartitions } from '../../../lib/model/partitions';
import { type TestOp, testDefinitions } from './definitions';

console.log('loading the bundle');

const config = (context: StepContext): JsonObject => context.config as JsonObject;

const ops: Record<string, TestOp> = {
  hello: {
    run: (context) => {
      console.log(`hello from ${context.stepKey}`);
      context.log.info('hello', { pid: process.pid });
      return process.pid;
    },
  },
  /** Notes in a file when its first line runs. */
  note: { run: (context) => appendFileSync(String(config(context)['file']), `${Date.now()}\n`) },
  spin: {
    run: (context) => {
      const end = Date.now() + Number(config(context)['seconds']) * 1_000;
      while (Date.now() < end);
    },
  },
  spin_long: {
    run: () => {
      for (const end = Date.now() + 60_000; Date.now() < end; );
    },
  },
  exit: {
    run: () => {
      console.log('about to exit');
      process.exit(3);
    },
  },
  /** Ends the process at its first try only. */
  exit_once: {
    run: (context) => {
      if (context.tryNumber === 1) process.exit(3);
    },
  },
  crash: { run: () => process.kill(process.pid, 'SIGKILL') },
  uncaught: {
    run: async () => {
      setTimeout(() => {
        throw new RangeError('nobody caught me');
      }, 10);
      await sleep(60_000);
    },
  },
  memory: {
    run: () => {
      const kept: number[][] = [];
      for (;;) kept.push(new Array<number>(100_000).fill(kept.length));
    },
  },
  sleep: {
    run: async (context) => {
      console.log('sleeping');
      await sleep(60_000, undefined, { signal: context.signal });
    },
  },
  /** Deaf to the signal. */
  stubborn: {
    run: async () => {
      console.log('not listening');
      await sleep(60_000);
    },
  },
  talk: {
    run: async (context) => {
      const name = String(config(context)['name']);
      for (let line = 1; line <= 3; line += 1) {
        console.log(`${name} out ${line}`);
        console.error(`${name} err ${line}`);
        await sleep(5);
      }
      await new Promise((resolve) => {
        spawn('sh', ['-c', `echo ${name} child; echo ${name} child err >&2`], { stdio: 'inherit' }).on(
          'close',
          resolve,
        );
      });
      execSync(`echo ${name} sync`, { stdio: 'inherit' });
    },
  },
  raw: {
    run: () => {
      writeSync(1, 'past the capture\n');
    },
  },
  secret: {
    resources: ['vault'],
    run: async (context) => {
      const secret = String(context.resources['vault']);
      console.log(`the secret is ${secret}`);
      writeSync(1, `in pieces ${secret.slice(0, 4)}`);
      await sleep(20);
      writeSync(1, `${secret.slice(4)} done\n`);
      context.log.info(`logged ${secret}`);
      throw new Error(`failed with ${secret}`);
    },
  },
  flood: {
    run: (context) => {
      const lines = Number(config(context)['lines']);
      for (let line = 0; line < lines; line += 1) context.log.info(`line ${line} ${'x'.repeat(1_000)}`);
    },
  },
  big: { run: (context) => context.log.info('big', { text: 'y'.repeat(100_000) }) },
  grandchild: {
    run: async (context) => {
      const child = spawn('sleep', ['60']);
      context.log.info('started', { pid: child.pid ?? 0 });
      await sleep(60_000);
    },
  },
};

export const definitions = testDefinitions({
  ops: Object.fromEntries(Object.entries(ops)),
  resources: {
    vault: {
      async setUp(context) {
        context.mask('s3cr3t-value');
        return { value: 's3cr3t-value' };
      },
    },
  },
  jobs: { by_day: { partitions: dailyPartitions({ start: '2026-01-01' }), isConfiguredByPartition: true } },
  partitionConfig: (_job, { key, keys, window }) =>
    key === '2026-01-09'
      ? { ok: false, errors: [{ path: ['ops'], reason: 'FIELD_NOT_DEFINED', message: 'not that day' }] }
      : { ok: true, config: { from: window?.start ?? '' }, tags: { days: String(keys.length) } },
  schedules: {
    nightly: {
      resources: [],
      async evaluate({ scheduledAt, log }) {
        log.info(`evaluating ${scheduledAt}`);
        const runKey = String(scheduledAt);
        const request = { runKey, jobName: null, config: {}, tags: {}, partitionKey: null };
        return {
          runRequests: [{ ...request, assetSelection: null, assetCheckSelection: null }],
          skipReason: null,
          cursor: null,
          dynamicPartitionsRequests: [],
        };
      },
    },
    broken: {
      resources: [],
      async evaluate({ log }) {
        log.warning('about to break');
        throw new TypeError('the schedule is broken');
      },
    },
  },
  sensors: {
    spin: {
      resources: [],
      async evaluate() {
        for (;;);
      },
    },
    /** Never answers, and leaves the process to others meanwhile. */
    hang: {
      resources: [],
      async evaluate() {
        return new Promise(() => setInterval(() => {}, 1_000));
      },
    },
    /** Answers when the file that its cursor names is there; prints when it begins. */
    wait: {
      resources: [],
      async evaluate({ cursor }) {
        console.log('waiting');
        while (!existsSync(String(cursor))) await sleep(20);
        return { runRequests: [], skipReason: 'came', cursor, dynamicPartitionsRequests: [] };
      },
    },
    /** Prints a secret in two pieces, the second when the file that its cursor names is there. */
    tell: {
      resources: ['vault'],
      async evaluate({ cursor, resources }) {
        const secret = String(resources['vault']);
        writeSync(1, `in pieces ${secret.slice(0, 4)}`);
        while (!existsSync(String(cursor))) await sleep(20);
        writeSync(1, `${secret.slice(4)} done\n`);
        return { runRequests: [], skipReason: 'told', cursor, dynamicPartitionsRequests: [] };
      },
    },
    exit: {
      resources: [],
      async evaluate() {
        return process.exit(7);
      },
    },
    pid: {
      resources: ['vault'],
      async evaluate({ cursor, resources }) {
        return {
          runRequests: [],
          skipReason: `pid ${process.pid}, vault ${resources['vault'] === undefined ? 'missing' : 'open'}`,
          cursor: `${cursor ?? ''}+`,
          dynamicPartitionsRequests: [],
        };
      },
    },
  },
});
