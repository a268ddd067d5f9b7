/** The file that `npm pack` makes of this package. */
export const packedName = (version: string): string => `headrace-${version}.tgz`;

/**
 * The files of a new project, by path: two assets, a check, a job, a schedule and a sensor that run without any account
 * or service, so that everything can be tried before anything is connected.
 *
 * @param version of this package, for the dependency: its packed file in the project's folder
 */
export function projectTemplate(version: string): Readonly<Record<string, string>> {
  const manifest = {
    private: true,
    type: 'module',
    scripts: { start: 'headrace dev' },
    dependencies: { headrace: `file:${packedName(version)}` },
    devDependencies: { typescript: '^5.9.0' },
  };
  const compilerOptions = {
    target: 'ES2024',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions, include: ['orchestration'] }, null, 2)}\n`,
    '.gitignore': 'node_modules/\n.headrace/\n.env\n',
    'workspace.yaml': WORKSPACE,
    'headrace.yaml': SETTINGS,
    'orchestration/index.ts': INDEX,
    'orchestration/assets.ts': ASSETS,
    'orchestration/jobs.ts': JOBS,
    'orchestration/schedules.ts': SCHEDULES,
    'orchestration/sensors.ts': SENSORS,
  };
}

const WORKSPACE = `# The code locations of this project. Each is built, loaded and broken apart from the others.
code_locations:
  - name: orchestration
    entry: orchestration/index.ts # exports \`definitions\`
`;

const SETTINGS = `# Settings of this instance, on a laptop and on AWS alike. What is left out has Dagster's default.
concurrency:
  runs:
    max_concurrent_runs: 10

run_monitoring:
  max_resume_run_attempts: 3 # runs that a stop or a crash interrupts go on at the next start, with what is not finished
`;

const INDEX = `import { define } from 'headrace';
import * as assets from './assets';
import * as jobs from './jobs';
import * as schedules from './schedules';
import * as sensors from './sensors';

export const definitions = define({ assets, jobs, schedules, sensors });
`;

const ASSETS = `import { asset } from 'headrace';

/** Temperatures of the last days. Load yours here: from an API, a database, files. */
export const temperatures = asset({
  key: 'example/temperatures',
  description: 'Temperatures of the last seven days, in °C.',
  group: 'example',
  run: () => [11.2, 12.5, 9.8, 10.1, 13.4, 14.9, 12.2],
});

/** Takes what the asset above returned; its type is checked. */
export const warmestDay = asset({
  key: 'example/warmest_day',
  description: 'The highest of the temperatures.',
  group: 'example',
  inputs: { temperatures },
  run({ inputs, log }) {
    const warmest = Math.max(...inputs.temperatures);
    log.info(\`The warmest of \${inputs.temperatures.length} days had \${warmest} °C.\`);
    return { days: inputs.temperatures.length, warmest };
  },
  checks: { isPlausible: ({ warmest }) => warmest > -60 && warmest < 60 },
});
`;

const JOBS = `import { defineAssetJob } from 'headrace';
import { temperatures, warmestDay } from './assets';

export const refresh = defineAssetJob({
  name: 'refresh',
  description: 'Makes all of the example anew.',
  select: [temperatures, warmestDay],
});
`;

const SCHEDULES = `import { schedule } from 'headrace';
import { refresh } from './jobs';

/** Off until somebody switches it on: in the dashboard, or by \`npx headrace schedule start every_morning\`. */
export const everyMorning = schedule({
  name: 'every_morning',
  job: refresh,
  cron: '0 6 * * *',
  timezone: 'Europe/Berlin',
});
`;

const SENSORS = `import { runRequest, sensor, skip } from 'headrace';
import { refresh } from './jobs';

/** Launches a run once an hour, as an example of a cursor and a run key. Off until somebody switches it on. */
export const everyNewHour = sensor({
  name: 'every_new_hour',
  job: refresh,
  minimumInterval: '1m',
  evaluate({ cursor }) {
    const hour = new Date().toISOString().slice(0, 13);
    if (hour === cursor) return skip(\`Nothing new since \${hour}:00 UTC.\`);
    return { cursor: hour, runRequests: [runRequest({ runKey: hour })] };
  },
});
`;
