import { AUDIT_OUTCOMES, type AuditEntry } from '../../model/audit-entry';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { guarded } from '../guard';
import { PythonError, UnauthorizedError } from './errors';

/** Entries of one answer. */
const MOST_ENTRIES = 500;

const AuditOutcomeEnum = builder.enumType('AuditOutcome', { values: AUDIT_OUTCOMES });

const AuditEntryType = builder.objectRef<AuditEntry>('AuditEntry');
AuditEntryType.implement({
  description: 'That somebody asked for a change, and what came of it.',
  fields: (t) => ({
    id: t.id({ resolve: ({ auditId }) => String(auditId) }),
    timestamp: t.float({ resolve: ({ timestamp }) => timestamp / 1_000 }),
    user: t.exposeString('user'),
    role: t.exposeString('role'),
    via: t.exposeString('via'),
    action: t.exposeString('action'),
    input: t.field({ type: 'GenericScalar', resolve: ({ input }) => input }),
    before: t.field({ type: 'GenericScalar', nullable: true, resolve: ({ before }) => before }),
    after: t.field({ type: 'GenericScalar', nullable: true, resolve: ({ after }) => after }),
    outcome: t.field({ type: AuditOutcomeEnum, resolve: ({ outcome }) => outcome }),
    message: t.exposeString('message', { nullable: true }),
    requestId: t.exposeString('requestId'),
  }),
});

const AuditEntries =
  builder.objectRef<Tagged<'AuditEntries', { readonly entries: readonly AuditEntry[] }>>('AuditEntries');
AuditEntries.implement({
  fields: (t) => ({
    results: t.field({ type: [AuditEntryType], resolve: ({ entries }) => [...entries] }),
    cursor: t.string({
      nullable: true,
      description: 'For the next page; null when there is nothing before these.',
      resolve: ({ entries }) => (entries.length === 0 ? null : String(entries.at(-1)?.auditId)),
    }),
  }),
});

const AuditEntriesOrError = builder.unionType('AuditEntriesOrError', {
  types: [AuditEntries, UnauthorizedError, PythonError],
  resolveType: byTypename,
});

builder.queryFields((t) => ({
  auditEntriesOrError: t.field({
    type: AuditEntriesOrError,
    description: 'Who asked for which change, newest first. For admins.',
    args: {
      limit: t.arg.int({ defaultValue: 50 }),
      cursor: t.arg.string(),
      user: t.arg.string(),
      action: t.arg.string(),
      outcome: t.arg({ type: AuditOutcomeEnum }),
    },
    resolve: (_root, { limit, cursor, user, action, outcome }, context) =>
      guarded(context, 'admin', async () => {
        const count = limit ?? 50;
        if (count < 1 || count > MOST_ENTRIES)
          throw new ClientFacingError(`limit ${count}: one answer has 1 to ${MOST_ENTRIES} entries.`);
        if (cursor && !/^\d{1,15}$/.test(cursor))
          throw new ClientFacingError(`cursor '${cursor}': send the one of the page before.`);
        const entries = await context.instance.storage.listAudit({
          limit: count,
          ...(cursor ? { before: Number(cursor) } : {}),
          ...(user ? { user } : {}),
          ...(action ? { action } : {}),
          ...(outcome ? { outcome } : {}),
        });
        return tag('AuditEntries', { entries });
      }) as never,
  }),
}));
