import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { request } from '../../graphql/request';
import { pollInterval } from '../../graphql/use-live-query';
import { type ConfigProblem, samePath } from './config-problems';
import { type LaunchTarget, selectorOf } from './launch-target';
import { validateConfigDocument } from './launchpad.graphql';

/** What the API finds wrong beyond the schema; asked when typing pauses and the schema is content. */
export function useRefused(target: LaunchTarget, value: unknown, enabled: boolean): readonly ConfigProblem[] {
  const text = useDeferredValue(JSON.stringify(value ?? {}));
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery({
    queryKey: ['ValidateConfig', target.locationName, target.jobName, settled],
    enabled: enabled && settled === text,
    staleTime: pollInterval.still,
    retry: false,
    queryFn: async ({ signal }) => {
      const answer = await request(
        validateConfigDocument,
        { selector: selectorOf(target), config: settled },
        signal,
      );
      const result = answer.isPipelineConfigValid;
      return result.__typename === 'RunConfigValidationInvalid' ? result.errors : [];
    },
  });
  return useMemo(() => {
    const found: ConfigProblem[] = [];
    for (const each of enabled && settled === text ? (data ?? []) : []) {
      if (!found.some((other) => samePath(other.path, each.path))) found.push(each);
    }
    return found;
  }, [data, enabled, settled, text]);
}
