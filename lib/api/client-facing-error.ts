/** A refusal that belongs at the top of the answer rather than in a union: no such page size, too deep a query. */
export class ClientFacingError extends Error {
  override readonly name = 'ClientFacingError';
}
