export interface SuccessRate {
  /** 0 to 1. */
  readonly share: number;
  readonly finished: number;
}

/** How many of the runs that ended by themselves succeeded; undefined when none did either. */
export function successRate(runs: readonly { readonly status: string }[]): SuccessRate | undefined {
  const succeeded = runs.filter((run) => run.status === 'SUCCESS').length;
  const finished = succeeded + runs.filter((run) => run.status === 'FAILURE').length;
  return finished === 0 ? undefined : { share: succeeded / finished, finished };
}
