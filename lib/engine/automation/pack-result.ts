import type {
  EvaluationShape,
  PackedEvaluation,
  PackedValue,
  SinceMetadata,
} from '../../model/automation-evaluation';
import type { AutomationView, Entity } from './automation-view';
import type { NodeResult } from './node-result';
import { EMPTY, type Subset, storeSubset, WHOLE } from './subset';

const { imul } = Math;

/** Shapes by name. */
export type Shapes = Map<string, EvaluationShape>;

/** A result as it is stored, for people; its shape is added to `shapes`. */
export function packResult(result: NodeResult, view: AutomationView, shapes: Shapes): PackedEvaluation {
  const entities = new Map<Entity, number>();
  const values: PackedValue[] = [];
  const since: Record<number, SinceMetadata> = {};
  const state = newHash();
  const indexOf = (entity: Entity): number => {
    const index = entities.get(entity) ?? entities.size;
    entities.set(entity, index);
    return index;
  };
  walk(result);
  const shape = hashText(state);
  if (!shapes.has(shape)) shapes.set(shape, toShape(result));
  return {
    shape,
    entities: [...entities.keys()].map(({ asset, check }) => [asset.key, check?.name ?? null] as const),
    values,
    since,
  };

  function walk({
    entity,
    label,
    name,
    operatorType,
    truth,
    candidates,
    children,
    since: metadata,
  }: NodeResult): void {
    add(state, hashOfText(isNamedAfterChild(name, children) ? '' : name));
    add(state, label === null ? 3 : hashOfText(label));
    add(state, hashOfText(operatorType));
    add(state, indexOf(entity));
    add(state, entity.partitions === null ? 5 : 7);
    add(state, children.length);
    if (metadata !== undefined) since[values.length] = metadata;
    if (entity.partitions === null || (truth.size === 0 && candidates.size === 0)) {
      values.push(truth.size > 0 ? 2 : candidates.size > 0 ? 1 : 0);
    } else {
      const whole = view.whole(entity);
      values.push([storeSubset(truth, whole), storeSubset(candidates, whole), truth.size, candidates.size]);
    }
    for (const child of children) walk(child);
  }

  function toShape({ entity, label, name, operatorType, children }: NodeResult): EvaluationShape {
    return {
      label,
      name: isNamedAfterChild(name, children) ? null : name,
      operatorType,
      entity: indexOf(entity),
      isPartitioned: entity.partitions !== null,
      children: children.map(toShape),
    };
  }
}

const isNamedAfterChild = (name: string, children: readonly NodeResult[]): boolean =>
  children.length === 1 && children[0]?.entity.id === name;

/**
 * A number that differs, as far as 2 × 32 bits tell, between results that say different things. It is made of every
 * node of every asset on every tick, so it does not go through text.
 */
export function resultHash(result: NodeResult): string {
  const state = newHash();
  addNode(result, state);
  return hashText(state);
}

const newHash = (): HashState => ({ a: 0x811c9dc5 | 0, b: 0x1b873593 });
const hashText = ({ a, b }: HashState): string => `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;

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

/** Whole numbers of 32 bits throughout: as anything else each would be an object of its own. */
function add(state: HashState, value: number): void {
  state.a = imul(state.a ^ value, 0x01000193);
  state.b = (imul(state.b, 31) + (value ^ (value >>> 15))) | 0;
}

const subsets = new WeakMap<Subset, number>();

/** The same whatever the order of members. */
function hashOfSubset(subset: Subset): number {
  if (subset === EMPTY) return 1;
  if (subset === WHOLE) return 2;
  let known = subsets.get(subset);
  if (known === undefined) {
    known = subset.size;
    for (const member of subset) known = (known + imul(hashOfText(member), 0x9e3779b1)) | 0;
    subsets.set(subset, known);
  }
  return known;
}

const TEXTS_KEPT = 100_000;
const texts = new Map<string, number>();

function hashOfText(text: string): number {
  let known = texts.get(text);
  if (known === undefined) {
    known = 0x811c9dc5 | 0;
    for (let index = 0; index < text.length; index += 1) {
      known = imul(known ^ text.charCodeAt(index), 0x01000193);
    }
    if (texts.size >= TEXTS_KEPT) texts.clear();
    texts.set(text, known);
  }
  return known;
}
