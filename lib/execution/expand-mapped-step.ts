import type { PlannedStep, StepInputSource } from '../model/execution-plan';

/** The key that a mapped step has while its mapping keys are not known ends with this. */
const PLACEHOLDER = '[?]';

/** `load[?]` and `a` → `load[a]`. */
export function mappedStepKey(template: string, mappingKey: string): string {
  return template.endsWith(PLACEHOLDER)
    ? `${template.slice(0, -PLACEHOLDER.length)}[${mappingKey}]`
    : `${template}[${mappingKey}]`;
}

/** The step's name in the graph: its key without a mapping key. */
export function nodeName(stepKey: string): string {
  return stepKey.replace(/\[[^\]]*\]$/, '');
}

/**
 * The step that a mapped step becomes for one mapping key: whatever it takes from steps mapped over the same
 * dynamic output it takes from their step of the same key.
 *
 * @param siblings keys of the plan's steps that are mapped over the same dynamic output
 */
export function expandMappedStep(
  template: PlannedStep,
  mappingKey: string,
  siblings: ReadonlySet<string>,
): PlannedStep {
  const rename = (key: string): string => (siblings.has(key) ? mappedStepKey(key, mappingKey) : key);
  const source = (input: StepInputSource): StepInputSource =>
    input.kind === 'step' ? { ...input, stepKey: rename(input.stepKey) } : input;
  return {
    ...template,
    key: mappedStepKey(template.key, mappingKey),
    inputs: template.inputs.map((input) => ({ ...input, sources: input.sources.map(source) })),
    dependsOn: template.dependsOn.map(rename),
  };
}
