import type { FaultKind } from './core/faults';
import type { Database } from './world/database';
import type { Functions } from './world/functions';

/** The parts of a world that a mutation may break. */
export interface Breakable {
  readonly database: Database;
  readonly functions: Functions;
}

/** Takes away one thing that the control plane's promises rest on. */
export interface Mutation {
  /** What the simulator has to say of it. */
  readonly finds: RegExp;
  /** A seed that found it, to be played first. */
  readonly seed: number;
  /** Faults that bring it to light, made frequent. */
  readonly plagues?: readonly FaultKind[];
  apply(world: Breakable): Promise<void>;
}

/** Changes the text of a function in the database; what is to be replaced has to be there. */
const inFunction =
  (name: string, ...replacements: readonly (readonly [from: string | RegExp, to: string])[]) =>
  async ({ database }: Breakable): Promise<void> => {
    const [definition = ''] = await database.ask<string>(
      `select to_json(pg_get_functiondef(oid)) from pg_proc where proname = $1 and pronamespace = 'headrace'::regnamespace`,
      [name],
    );
    let changed = definition;
    for (const [from, to] of replacements) {
      if (changed === changed.replace(from, to))
        throw new Error(`${name} has no ${from} that could be mutated`);
      changed = changed.replace(from, to);
    }
    await database.ask(changed);
  };

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'the queue counts no live runs': {
    seed: 1,
    finds: /use the limit of \d+ on (all runs|tag)/,
    apply: inFunction('claim_runs', [
      /where status in \('STARTING', 'STARTED', 'CANCELING'\)/,
      'where false',
    ]),
  },
  'a limit on a tag counts nothing': {
    seed: 1,
    finds: /use the limit of \d+ on tag/,
    apply: inFunction('limit_cells', [/where p_tags \?/, 'where false and p_tags ?']),
  },
  'a pool has always a slot': {
    seed: 1,
    finds: /use the limit of \d+ on pool/,
    apply: inFunction('claim_pool_slot', ['if v_limit is not null then', 'if false then']),
  },
  'a slot that is given back owes no claim': {
    seed: 5,
    finds: /nobody is to claim it/,
    apply: inFunction('release_pool_slot', ['if v_is_released then', 'if false then']),
  },
  'a slot that was reserved for first steps and that none asked for owes no claim': {
    seed: 13,
    finds: /nobody is to claim it/,
    // Its steps ask for nothing.
    plagues: ['worker: hangs'],
    apply: inFunction('heartbeat', ['if v_is_awaited then insert', 'if false then insert']),
  },
  'dependencies are always met': {
    seed: 5,
    finds: /was claimed before/,
    apply: inFunction('dependency_states', [/else 'waiting' end\s+from/, "else 'met' end from"]),
  },
  'run keys need not be unique': {
    seed: 1,
    finds: /are both for/,
    apply: async ({ database }) => void (await database.ask('drop index headrace.runs_run_key')),
  },
  'a worker is not fenced': {
    seed: 8,
    finds: /was CANCELED and became|after its end|went from|has events of attempt/,
    apply: inFunction(
      'require_live_attempt',
      ['if v_run.attempt <> p_attempt', 'if false'],
      [/if v_run.status not in \([^)]*\)/, 'if false'],
    ),
  },
  'a finished run may be settled again': {
    seed: 5,
    finds: /was (SUCCESS|FAILURE|CANCELED) and became|has \d ends/,
    plagues: ['database: statement repeated', 'worker: killed'],
    apply: inFunction(
      'finalize_attempt',
      [/if v_run.status in \('SUCCESS', 'FAILURE', 'CANCELED'\)/, 'if false'],
      ['and ended_at is not null', 'and false'],
    ),
  },
  'a tick may be ended again': {
    seed: 3,
    finds: /ended twice|are both for/,
    apply: inFunction('finish_tick', ["if v_tick.status <> 'STARTED' then", 'if false then']),
  },
  'events that were stored are stored again': {
    seed: 1,
    finds: /event \d+ comes after/,
    apply: inFunction(
      'append_events',
      ['if v_last <= v_attempt.last_seq then return; end if;', ''],
      ['if p_first_seq <= v_attempt.last_seq then', 'if false then'],
    ),
  },
  'nobody looks for lost workers': {
    seed: 2,
    finds: /still going on/,
    apply: inFunction('find_late_attempts', ['where late.why is not null', 'where false']),
  },
  'a worker is taken for stopped without being stopped': {
    seed: 16,
    finds: /is executed by/,
    async apply({ functions }) {
      functions.change = (instance) => ({
        ...instance,
        runLauncher: { ...instance.runLauncher, stop: async () => {} },
      });
    },
  },
};
