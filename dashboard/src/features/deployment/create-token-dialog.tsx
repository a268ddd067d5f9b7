import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Checkbox } from '../../components/checkbox';
import { CopyButton } from '../../components/copy-text';
import { Dialog } from '../../components/dialog';
import { Note } from '../../components/panel-states';
import form from './form.module.css';
import { createToken, restKey, type TokenRole, tokenRoles } from './rest-api';

const roleWords: Readonly<Record<TokenRole, string>> = {
  viewer: 'sees everything, changes nothing',
  launcher: 'launches and cancels runs, too',
  editor: 'switches schedules and sensors, wipes, deletes, too',
  admin: 'sets limits, makes tokens, reads the audit log, too',
};
const mostDays = 366;

/** Asks what a token is good for, and then shows it: once. */
export function CreateTokenDialog({
  locations,
  onClose,
}: {
  readonly locations: readonly string[];
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<TokenRole>('launcher');
  const [days, setDays] = useState('90');
  const [limited, setLimited] = useState<ReadonlySet<string>>(new Set());
  const create = useMutation({
    mutationFn: () =>
      createToken({
        name: name.trim(),
        role,
        expiresInDays: Number(days),
        ...(limited.size > 0 ? { locations: [...limited] } : {}),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: restKey.tokens }),
  });
  if (create.data)
    return <CreatedToken name={create.data.name} token={create.data.token} onClose={onClose} />;

  const isTermRight = Number(days) > 0 && Number(days) <= mostDays;
  const problem =
    name.trim() === ''
      ? 'Name the program that gets it'
      : isTermRight
        ? undefined
        : `A token holds 1 to ${mostDays} days`;
  return (
    <Dialog
      title="New token"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            look="primary"
            busy={create.isPending}
            disabled={problem !== undefined}
            title={problem}
            onClick={() => create.mutate()}
          >
            Create 1 token
          </Button>
        </>
      }
    >
      <label className={form.field}>
        <span>Name</span>
        <input
          type="text"
          value={name}
          maxLength={100}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
        <small>The program that gets it, such as ci. Runs are said to be launched by it.</small>
      </label>
      <div className={form.pair}>
        <label className={form.field}>
          <span>Role</span>
          <select value={role} onChange={(event) => setRole(event.target.value as TokenRole)}>
            {tokenRoles.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
          <small>{roleWords[role]}</small>
        </label>
        <label className={form.field}>
          <span>Expires in days</span>
          <input
            type="number"
            min={1}
            max={mostDays}
            value={days}
            aria-invalid={!isTermRight || undefined}
            onChange={(event) => setDays(event.target.value)}
          />
          <small>At most {mostDays}</small>
        </label>
      </div>
      <fieldset className={form.field}>
        <legend>Code locations</legend>
        <div className={form.checks}>
          {locations.map((location) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is in it
            <label key={location} className={form.check}>
              <Checkbox
                label={location}
                checked={limited.has(location)}
                onChange={(checked) => {
                  const next = new Set(limited);
                  if (checked) next.add(location);
                  else next.delete(location);
                  setLimited(next);
                }}
              />
              <span aria-hidden="true">{location}</span>
            </label>
          ))}
        </div>
        <small>
          {limited.size === 0 ? 'None chosen: the token holds for all.' : 'The token holds for these only.'}
        </small>
      </fieldset>
      {create.error && <Note kind="failure">{create.error.message} No token was made.</Note>}
    </Dialog>
  );
}

function CreatedToken({
  name,
  token,
  onClose,
}: {
  readonly name: string;
  readonly token: string;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      wide
      title={`Token ${name}`}
      // Only its button closes it: a slip beside it would lose the token.
      onClose={() => {}}
      footer={
        <Button look="primary" onClick={onClose}>
          I have stored it
        </Button>
      }
    >
      <p>
        <b className="strong">Copy it now: it is shown this once.</b> Only its hash is kept. Programs send it
        as <code>Authorization: Bearer</code>.
      </p>
      <p className={form.secret}>
        <code className="grow">{token}</code>
        <CopyButton text={token} label="Copy the token" />
      </p>
    </Dialog>
  );
}
