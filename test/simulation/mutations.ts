import type { Database } from './world/database';
import type { Ecs } from './world/ecs';
import type { Functions } from './world/functions';

/** Breaks one thing, on purpose, that the control plane's promises rest on. */
export type Mutation = (world: {
  readonly database: Database;
  readonly functions: Functions;
  readonly ecs: Ecs;
}) => void;

export const MUTATIONS: Readonly<Record<string, Mutation>> = {};
