import { z } from 'zod';
import { RunNotFoundError } from '../../../engine/errors';
import { redact } from '../../../model/redact';
import { operation, param } from '../operation';
import { jsonValueSchema, named } from '../schemas';

/** Ticks of the run's schedule or sensor around it. */
const TICKS = 20;

const debugSchema = z
  .object({
    run: jsonValueSchema,
    plan: jsonValueSchema,
    ticks: z.array(jsonValueSchema),
    stepStats: jsonValueSchema,
    settings: jsonValueSchema,
    version: z.string(),
    codeLocation: jsonValueSchema,
  })
  .register(named, { id: 'RunDebugInfo' });

/** `GET /api/runs/{id}/debug` */
export const debugRun = operation({
  summary: 'What storage and settings say about a run, for whoever looks into a failure.',
  description:
    'Beside its events and logs: the stored run, its plan, ticks of the schedule or sensor it came from, settings and versions. Values whose names say that they are secret are left out.',
  answers: {
    200: debugSchema,
  },
  async handle(input, { instance, options, workspace }) {
    const { storage } = instance;
    const runId = param(input, 'id');
    const run = await storage.getRun(runId);
    if (run === undefined) throw new RunNotFoundError(runId);
    const { kind, name } = run.origin;
    const [plan, stepStats, ticks] = await Promise.all([
      storage.getRunPlan(runId),
      storage.stepStats(runId),
      kind === 'schedule' || kind === 'sensor'
        ? storage.listTicks({ instigator: { location: run.location, kind, name }, limit: TICKS })
        : [],
    ]);
    const location = workspace.location(run.location);
    const body = {
      run: redact(run),
      plan: plan ?? null,
      ticks,
      stepStats,
      settings: redact(options.engine),
      version: options.version,
      codeLocation:
        location === undefined
          ? null
          : { name: location.name, bundleHash: location.bundleHash, error: location.error },
    };
    // As it is sent: what is undefined is left out.
    return { status: 200, body: JSON.parse(JSON.stringify(body)) as typeof body };
  },
});
