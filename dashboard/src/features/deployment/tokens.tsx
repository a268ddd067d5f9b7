import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { EmptyState, Note } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { showToast } from '../../components/toast';
import { TwoLines } from '../../components/two-lines';
import { useNow } from '../../components/use-now';
import type { ApiError } from '../../graphql/api-error';
import { AdminPanel } from './admin-panel';
import { CreateTokenDialog } from './create-token-dialog';
import { type ApiToken, listTokens, restKey, revokeToken } from './rest-api';
import { tokenStatus } from './token-status';
import { useAdminRole } from './use-deployment-role';

/** Tokens of programs: for admins. */
export function Tokens({ locations }: { readonly locations: readonly string[] }) {
  const { isKnown, refusal } = useAdminRole();
  const query = useQuery<readonly ApiToken[], ApiError>({
    queryKey: restKey.tokens,
    enabled: isKnown && refusal === undefined,
    queryFn: ({ signal }) => listTokens(signal),
    refetchOnWindowFocus: true,
  });
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken>();
  const create = (
    <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
      New token…
    </Button>
  );
  return (
    <AdminPanel query={query} what="Tokens" refusal={refusal}>
      {(tokens) => (
        <>
          {tokens.length === 0 ? (
            <EmptyState
              icon="user"
              title="No tokens yet"
              command="npx headrace token create ci --role launcher"
              action={create}
            >
              A token lets a program call the API, such as CI that launches a run. Make one here, or:
            </EmptyState>
          ) : (
            <Section title="Tokens" detail="for programs; only a hash of each is kept" actions={create}>
              <TokenTable tokens={tokens} onRevoke={setRevoking} />
            </Section>
          )}
          {isCreating && <CreateTokenDialog locations={locations} onClose={() => setCreating(false)} />}
          {revoking && <RevokeDialog token={revoking} onClose={() => setRevoking(undefined)} />}
        </>
      )}
    </AdminPanel>
  );
}

function TokenTable({
  tokens,
  onRevoke,
}: {
  readonly tokens: readonly ApiToken[];
  readonly onRevoke: (token: ApiToken) => void;
}) {
  const now = useNow();
  const sorted = tokens.toSorted((a, b) => b.createdAt - a.createdAt);
  const isUseKnown = tokens.some((token) => token.lastUsedAt !== undefined);
  return (
    <SimpleTable
      label="Tokens"
      columns={[
        { header: 'Name' },
        { header: 'Status', width: '130px' },
        { header: 'Role', width: '100px' },
        { header: 'Code locations' },
        { header: 'Created' },
        { header: 'Expires', right: true },
        ...(isUseKnown ? [{ header: 'Last used', right: true }] : []),
        { header: 'Actions', right: true },
      ]}
      rows={sorted.map((token) => ({
        id: token.id,
        cells: [
          <span key="name">
            <span className="strong">{token.name}</span>{' '}
            <span className="mono small t3">{token.id.slice(0, 8)}</span>
          </span>,
          <StatusText key="status" status={tokenStatus(token, now)} />,
          token.role,
          token.locations === null ? (
            <span key="locations" className="t2">
              all
            </span>
          ) : (
            <span key="locations" className="row">
              {token.locations.map((name) => (
                <Tag key={name} value={name} />
              ))}
            </span>
          ),
          <span key="created" className="t2">
            <Time at={token.createdAt} /> by {token.createdBy}
          </span>,
          <Time key="expires" at={token.expiresAt} />,
          ...(isUseKnown
            ? [
                token.lastUsedAt == null ? (
                  <span key="used" className="t3">
                    never
                  </span>
                ) : (
                  <Time key="used" at={token.lastUsedAt} relative />
                ),
              ]
            : []),
          <Revoke key="revoke" token={token} onRevoke={onRevoke} />,
        ],
        narrow: (
          <>
            <StatusIcon kind={tokenStatus(token, now).kind} label={tokenStatus(token, now).word} />
            <span className="grow">
              <TwoLines
                first={<span className="strong">{token.name}</span>}
                second={
                  <>
                    {token.role} · {token.locations?.join(', ') ?? 'all locations'} · expires{' '}
                    <Time at={token.expiresAt} />
                  </>
                }
              />
            </span>
            <Revoke token={token} onRevoke={onRevoke} />
          </>
        ),
      }))}
    />
  );
}

function Revoke({
  token,
  onRevoke,
}: {
  readonly token: ApiToken;
  readonly onRevoke: (token: ApiToken) => void;
}) {
  return (
    <Button look="ghost" small aria-label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
      Revoke…
    </Button>
  );
}

function RevokeDialog({ token, onClose }: { readonly token: ApiToken; readonly onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: () => {
      showToast({
        kind: 'canceled',
        title: `Revoked ${token.name}`,
        detail: 'It may be let in for a minute more.',
      });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: restKey.tokens }),
  });
  return (
    <Dialog
      title={`Revoke ${token.name}?`}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger-solid" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke 1 token
          </Button>
        </>
      }
    >
      <p>
        Programs that send this token, of the role <b className="strong">{token.role}</b>, are refused from
        then on. It cannot be undone; a new token can be made.
      </p>
      {revoke.error && <Note kind="failure">{revoke.error.message} The token is still valid.</Note>}
    </Dialog>
  );
}
