import { TAG, type Tags } from '../../model/tags';

/** Of runs that automation asks for. */
export const automationTags = (evaluationId: number): Tags => ({
  [TAG.autoMaterialize]: 'true',
  [TAG.fromAutomationCondition]: 'true',
  [TAG.assetEvaluationId]: String(evaluationId),
});
