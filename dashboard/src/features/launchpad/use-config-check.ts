import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { pollInterval } from '../../graphql/use-live-query';
import { type ConfigProblem, samePath } from './config-problems';
import { type LaunchTarget, selectorOf } from './launch-target';
import { validateConfigDocument } from './launchpad.graphql';

export interface ConfigCheck {
  readonly problems: readonly ConfigProblem[];
  /** Why the API could not tell. */
  readonly failure: Error | null;
  readonly isChecking: boolean;
  readonly retry: () => void;
}

/** What the API finds wrong beyond the schema; asked when typing pauses and the schema is content. */
export function useConfigCheck(target: LaunchTarget, value: unknown, enabled: boolean): ConfigCheck {
  const text = useDeferredValue(JSON.stringify(value ?? {}));
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  const isAsked = enabled && settled === text;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['ValidateConfig', target.locationName, target.jobName, settled],
    enabled: isAsked,
    staleTime: pollInterval.still,
    retry: false,
    queryFn: async ({ signal }) => {
      const { isPipelineConfigValid: answer } = await request(
        validateConfigDocument,
        { selector: selectorOf(target), config: settled },
        signal,
      );
      const result = expectType(answer, 'RunConfigValidationInvalid', 'PipelineConfigValidationValid');
      return result.__typename === 'RunConfigValidationInvalid' ? result.errors : [];
    },
  });
  const problems = useMemo(() => {
    const found: ConfigProblem[] = [];
    for (const each of isAsked ? (data ?? []) : []) {
      if (!found.some((other) => samePath(other.path, each.path))) found.push(each);
    }
    return found;
  }, [data, isAsked]);
  return {
    problems,
    failure: isAsked ? error : null,
    isChecking: isFetching,
    retry: () => void refetch(),
  };
}
