import { z } from 'zod';
import { type AlertSettings, alertSchema, toAlertSettings } from './sections/alerts';
import {
  type ConcurrencySettings,
  concurrencySchema,
  refineConcurrency,
  toConcurrencySettings,
} from './sections/concurrency';
import { type DevelopmentSettings, developmentSchema, toDevelopmentSettings } from './sections/development';
import { type InstigatorSettings, instigatorSchema, toInstigatorSettings } from './sections/instigators';
import {
  type RetentionSettings,
  refineRetention,
  retentionSchema,
  toRetentionSettings,
} from './sections/retention';
import { type RunSettings, runSchema, toRunSettings } from './sections/runs';

/** What `headrace.yaml` says, with every default applied. Durations are seconds. */
export interface InstanceSettings
  extends ConcurrencySettings,
    RunSettings,
    InstigatorSettings,
    AlertSettings,
    RetentionSettings,
    DevelopmentSettings {}

/** The shape of `headrace.yaml`: Dagster's names and defaults where it has them. */
export const instanceSettingsSchema = z
  .strictObject({
    ...concurrencySchema,
    ...runSchema,
    ...instigatorSchema,
    ...alertSchema,
    ...retentionSchema,
    ...developmentSchema,
  })
  .superRefine((raw, context) => {
    refineRetention(raw, context);
    refineConcurrency(raw, context);
  });

/** From the file's words to ours. */
export function toInstanceSettings(raw: z.output<typeof instanceSettingsSchema>): InstanceSettings {
  return {
    ...toConcurrencySettings(raw),
    ...toRunSettings(raw),
    ...toInstigatorSettings(raw),
    ...toAlertSettings(raw),
    ...toRetentionSettings(raw),
    ...toDevelopmentSettings(raw),
  };
}

/** The settings of an instance without a `headrace.yaml`. */
export function defaultInstanceSettings(): InstanceSettings {
  return toInstanceSettings(instanceSettingsSchema.parse({}));
}
