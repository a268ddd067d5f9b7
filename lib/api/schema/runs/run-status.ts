import { RUN_STATUSES } from '../../../model/run-status';
import { builder } from '../../builder';

export const RunStatusEnum = builder.enumType('RunStatus', { values: RUN_STATUSES });
