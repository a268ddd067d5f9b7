import { z } from 'zod';
import type { JsonObject } from '../../../model/json';
import { describeApi } from '../openapi';
import { type Operation, operation, type Route } from '../operation';

/** `GET /api/openapi.json` */
export function getOpenapi(routes: () => readonly Route[]): Operation {
  let made: JsonObject | undefined;
  return operation({
    summary: 'This description (OpenAPI 3.1).',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
    async handle(_input, { options }) {
      made ??= describeApi(routes(), options.version);
      return { status: 200, body: made };
    },
  });
}
