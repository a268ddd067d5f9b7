import { Document, isMap, isNode, isPair, isScalar, parseDocument } from 'yaml';
import type { ConfigProblem } from './config-problems';
import { type ConfigPath, isObject } from './config-schema';

const print = { lineWidth: 0 } as const;

/** The text's value, or why it is no YAML. */
export function readConfig(text: string): { readonly value: unknown; readonly problem: string | undefined } {
  const document = parseDocument(text);
  const problem = document.errors[0]?.message.split('\n')[0];
  if (problem) return { value: undefined, problem };
  const value: unknown = document.toJS() ?? {};
  return isObject(value)
    ? { value, problem: undefined }
    : { value, problem: 'The configuration must be an object' };
}

function open(text: string): Document {
  const document = parseDocument(text);
  const isEmpty =
    document.contents === null || (isMap(document.contents) && document.contents.items.length === 0);
  return isEmpty ? new Document({}) : (document as unknown as Document);
}

export function valueAt(value: unknown, path: ConfigPath): unknown {
  let at = value;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isObject(at)) at = at[part];
    else return undefined;
  }
  return at;
}

/**
 * The text with another value at a path; comments and order of the rest stay. `undefined` takes the value out, and
 * the objects that are empty without it.
 */
export function setConfig(text: string, path: ConfigPath, value: unknown): string {
  const document = open(text);
  if (value === undefined) removeAt(document, path);
  else {
    // An object written as nothing (`config:`) cannot take a key; it becomes an object.
    for (let depth = 1; depth < path.length; depth += 1) {
      const above = path.slice(0, depth);
      const node: unknown = document.getIn(above, true);
      if (node !== undefined && isScalar(node) && node.value === null)
        document.setIn(above, document.createNode({}));
    }
    // A plain scalar goes into the node that is there, which has the line's comment.
    document.setIn(path, typeof value === 'object' ? document.createNode(value) : value);
  }
  return document.toString(print);
}

function removeAt(document: Document, path: ConfigPath): void {
  document.deleteIn(path);
  for (let depth = path.length - 1; depth > 0; depth -= 1) {
    const above = path.slice(0, depth);
    const node: unknown = document.getIn(above, true);
    if (!isMap(node) || node.items.length > 0) return;
    document.deleteIn(above);
  }
}

/** The text with a problem's proposal carried out. */
export function applySuggestion(text: string, problem: ConfigProblem): string {
  if (problem.rename === undefined) return setConfig(text, problem.path, problem.suggestion);
  const document = open(text);
  const parent: unknown = document.getIn(problem.path.slice(0, -1), true) ?? document.contents;
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && item.key.value === problem.path.at(-1))
    : undefined;
  if (pair) pair.key = document.createNode(problem.rename);
  return document.toString(print);
}

/** The configuration written afresh: one style, two spaces. */
export function formatConfig(text: string): string {
  const document = parseDocument(text);
  return document.errors.length > 0 ? text : document.toString({ ...print, indent: 2 });
}

/** Where a place stands in the text; for what is missing, the key of the object that lacks it. */
export function findRange(text: string, path: ConfigPath): readonly [from: number, to: number] {
  const document = parseDocument(text);
  let best: readonly [number, number] = [0, Math.max(0, text.indexOf('\n'))];
  let at: unknown = document.contents;
  for (const [index, part] of path.entries()) {
    if (!isMap(at)) {
      const item: unknown = document.getIn(path.slice(0, index + 1), true);
      return rangeOf(item) ?? best;
    }
    const pair = at.items.find(
      (each) => isPair(each) && isScalar(each.key) && String(each.key.value) === String(part),
    );
    if (!pair) return best;
    const value: unknown = pair.value;
    best = (isMap(value) ? undefined : rangeOf(value)) ?? rangeOf(pair.key) ?? best;
    at = value;
  }
  return best;
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  return isNode(node) && node.range && node.range[1] > node.range[0]
    ? [node.range[0], node.range[1]]
    : undefined;
}

/** Where and why a text is no YAML, or its configuration not what the job takes; in the text's order. */
export function findMarks(
  text: string,
  problems: readonly ConfigProblem[],
): readonly { readonly from: number; readonly to: number; readonly message: string }[] {
  const { errors, warnings } = parseDocument(text);
  const marks = [...errors, ...warnings].map((error) => ({
    from: error.pos[0],
    to: error.pos[1],
    message: error.message.split('\n')[0] ?? 'Not valid YAML',
  }));
  if (errors.length === 0) {
    for (const problem of problems) {
      const [from, to] = findRange(text, problem.path);
      marks.push({ from, to, message: `${problem.path.at(-1) ?? 'configuration'}: ${problem.message}` });
    }
  }
  return marks.sort((a, b) => a.from - b.from);
}
