/** A refusal that belongs at the top of the answer rather than in a union: no such page size, too deep a query. */
export class ClientFacingError extends Error {
  override readonly name: string = 'ClientFacingError';
}

/** The caller's role does not cover it, where the answer has no union that could say so. */
export class ForbiddenError extends ClientFacingError {
  override readonly name = 'ForbiddenError';
}
