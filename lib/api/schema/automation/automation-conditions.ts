import {
  AutomationConditionError,
  compileCondition,
  expandedLabel,
} from '../../../engine/automation/compile-condition';
import type { AutomationConditionSpec } from '../../../model/manifest';
import { builder } from '../../builder';
import { AssetCheck } from '../assets/asset-checks';
import { AssetNode } from '../assets/asset-node';
import { Job, Pipeline } from '../repositories/job';

const AutomationCondition = builder.objectRef<AutomationConditionSpec>('AutomationCondition');
AutomationCondition.implement({
  fields: (t) => ({
    label: t.string({ nullable: true, resolve: ({ label }) => label ?? null }),
    expandedLabel: t.stringList({ resolve: labelOf }),
  }),
});

/** A condition of another version of the package is shown by its name. */
function labelOf(spec: AutomationConditionSpec): string[] {
  try {
    return [...expandedLabel(compileCondition(spec))];
  } catch (error) {
    if (error instanceof AutomationConditionError) return [spec.op];
    throw error;
  }
}

builder.objectFields(AssetNode, (t) => ({
  automationCondition: t.field({
    type: AutomationCondition,
    nullable: true,
    resolve: ({ definition }) => definition.automationCondition,
  }),
}));

builder.objectFields(AssetCheck, (t) => ({
  automationCondition: t.field({
    type: AutomationCondition,
    nullable: true,
    resolve: ({ definition }) => definition.automationCondition ?? null,
  }),
}));

for (const ref of [Job, Pipeline]) {
  builder.objectFields(ref, (t) => ({
    automationCondition: t.field({
      type: AutomationCondition,
      nullable: true,
      resolve: ({ job }) => job.automationCondition ?? null,
    }),
  }));
}
