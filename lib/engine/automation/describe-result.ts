import type { EvaluationNode } from '../../model/automation-evaluation';
import type { AutomationView, Entity } from './automation-view';
import type { NodeResult } from './node-result';
import { EMPTY, type Subset, storeSubset, WHOLE } from './subset';

/** A result as it is stored, for people. */
export function describeResult(result: NodeResult, view: AutomationView, uniqueId = '0'): EvaluationNode {
  const { entity, label, name, operatorType, truth, candidates, since, children } = result;
  return {
    uniqueId,
    label,
    name,
    operatorType,
    asset: entity.asset.key,
    check: entity.check?.name ?? null,
    isPartitioned: entity.partitions !== null,
    numTrue: truth.size,
    numCandidates: candidates.size,
    truth: stored(truth, entity),
    candidates: stored(candidates, entity),
    ...(since === undefined ? {} : { since }),
    children: children.map((child, index) => describeResult(child, view, `${uniqueId}.${index}`)),
  };

  function stored(subset: Subset, of: Entity) {
    return storeSubset(subset, of.partitions === null ? null : view.whole(of));
  }
}

/**
 * A number that differs, as far as 2 × 32 bits tell, between results that say different things. It is made of every
 * node of every asset on every tick, so it does not go through text.
 */
export function resultHash(result: NodeResult): string {
  const state = { a: 0x811c9dc5, b: 0x1b873593 };
  addNode(result, state);
  return `${(state.a >>> 0).toString(36)}.${(state.b >>> 0).toString(36)}`;
}

interface HashState {
  a: number;
  b: number;
}

function addNode({ name, label, truth, candidates, children }: NodeResult, state: HashState): void {
  add(state, hashOfText(name));
  if (label !== null) add(state, hashOfText(label));
  add(state, hashOfSubset(truth));
  add(state, hashOfSubset(candidates));
  add(state, children.length);
  for (const child of children) addNode(child, state);
}

function add(state: HashState, value: number): void {
  state.a = Math.imul(state.a ^ value, 0x01000193);
  state.b = Math.imul(state.b, 31) + (value ^ (value >>> 15));
}

const subsets = new WeakMap<Subset, number>();

/** The same whatever the order of members. */
function hashOfSubset(subset: Subset): number {
  if (subset === EMPTY) return 1;
  if (subset === WHOLE) return 2;
  let known = subsets.get(subset);
  if (known === undefined) {
    known = subset.size;
    for (const member of subset) known = (known + Math.imul(hashOfText(member), 0x9e3779b1)) | 0;
    subsets.set(subset, known);
  }
  return known;
}

const TEXTS_KEPT = 100_000;
const texts = new Map<string, number>();

function hashOfText(text: string): number {
  let known = texts.get(text);
  if (known === undefined) {
    known = 0x811c9dc5;
    for (let index = 0; index < text.length; index += 1) {
      known = Math.imul(known ^ text.charCodeAt(index), 0x01000193);
    }
    if (texts.size >= TEXTS_KEPT) texts.clear();
    texts.set(text, known);
  }
  return known;
}
