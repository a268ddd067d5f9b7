import jsonata from 'jsonata';
import type { JsonObject, JsonValue } from '../../../model/json';
import { AslError } from './asl-error';

/** What `{% ... %}` can see: `$states` and the execution's variables. */
export interface TemplateScope {
  readonly states: JsonObject;
  readonly variables: JsonObject;
  /** Behind `$random()`. */
  readonly random: () => number;
}

const compiled = new Map<string, jsonata.Expression>();

/**
 * Evaluates a payload template: every string `{% expression %}` in it becomes the expression's value.
 *
 * @throws {AslError} `States.QueryEvaluationError` when an expression fails or yields nothing
 */
export async function evaluateTemplate(template: JsonValue, scope: TemplateScope): Promise<JsonValue> {
  if (typeof template === 'string')
    return expressionOf(template) === undefined ? template : evaluate(template, scope);
  if (Array.isArray(template)) return Promise.all(template.map((item) => evaluateTemplate(item, scope)));
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template as JsonObject).map(
    async ([key, value]) => [key, await evaluateTemplate(value, scope)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function expressionOf(template: string): string | undefined {
  return template.startsWith('{%') && template.endsWith('%}') ? template.slice(2, -2) : undefined;
}

async function evaluate(template: string, scope: TemplateScope): Promise<JsonValue> {
  let value: unknown;
  try {
    let expression = compiled.get(template);
    if (expression === undefined) {
      expression = jsonata(expressionOf(template) ?? '');
      compiled.set(template, expression);
    }
    value = await expression.evaluate(undefined, {
      ...scope.variables,
      states: scope.states,
      random: scope.random,
    });
  } catch (thrown) {
    throw failure(template, (thrown as { message?: string }).message ?? String(thrown), thrown);
  }
  if (value === undefined) throw failure(template, 'it yields nothing');
  // Drops the marks that jsonata leaves on arrays, and refuses functions.
  const json = JSON.stringify(value);
  if (json === undefined) throw failure(template, 'it does not yield JSON');
  return JSON.parse(json) as JsonValue;
}

function failure(template: string, reason: string, cause?: unknown): AslError {
  return new AslError(
    'States.QueryEvaluationError',
    `The JSONata expression '${template}' failed: ${reason}`,
    { cause },
  );
}
