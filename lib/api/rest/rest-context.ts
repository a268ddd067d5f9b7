import type { ApiContext } from '../api-context';

/** What a handler of a route gets beside its input. */
export type RestContext = Pick<
  ApiContext,
  'instance' | 'limited' | 'options' | 'identity' | 'via' | 'audit' | 'workspace' | 'now'
>;
