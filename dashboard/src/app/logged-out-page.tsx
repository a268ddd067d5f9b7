import { useEffect } from 'react';
import { Button } from '../components/button';
import { StatusIcon } from '../components/status-icon';
import type { LogInErrorKind } from '../identity/log-in-error';
import { logOut, type SessionState } from '../identity/session';
import { BrandMark } from './brand';
import styles from './logged-out-page.module.css';

interface Advice {
  readonly title: string;
  readonly advice: string;
  readonly button: string;
}

const advices: Readonly<Record<LogInErrorKind, Advice>> = {
  mismatch: {
    title: 'This log-in was not begun here',
    advice:
      'Nobody was logged in. Log in from here; if this page comes again, close the tab and open a new one.',
    button: 'Log in',
  },
  refused: {
    title: 'The log-in was refused',
    advice: 'Log in again. If that is refused too, send this page to whoever manages your accounts.',
    button: 'Log in again',
  },
  unreachable: {
    title: 'The log-in does not answer',
    advice: 'Check your network connection, and try again in a minute.',
    button: 'Try again',
  },
  unusable: {
    title: 'The log-in gave no usable answer',
    advice:
      'This is a matter of how the issuer or this deployment is set up: send this page to who manages it.',
    button: 'Try again',
  },
  unwelcome: {
    title: 'You are logged in, but may not enter',
    advice:
      'Ask an admin to put you into one of the groups headrace-viewer, headrace-launcher, headrace-editor or headrace-admin, and then try again.',
    button: 'Try again',
  },
  browser: {
    title: 'This browser cannot log in here',
    advice: 'Open the dashboard by its https:// address, and allow it to keep data for this site.',
    button: 'Try again',
  },
  link: {
    title: 'Open the link with its token',
    advice:
      'headrace dev and npm start print it in their terminal: “Headrace is up at …”. This browser then remembers it for this address.',
    button: 'Try again',
  },
};

type LoggedOut = Extract<SessionState, { readonly kind: 'failed' | 'logged-out' }>;

/** What is shown instead of the dashboard to somebody who is not logged in, and what they can do. */
export default function LoggedOutPage({ user }: { readonly user: LoggedOut }) {
  const failed = user.kind === 'failed' ? user : undefined;
  const { title, advice, button } = failed
    ? advices[failed.error.kind]
    : { title: 'You are logged out', advice: 'You can close this tab.', button: 'Log in' };
  const unwelcome = failed?.error.kind === 'unwelcome' ? failed.session : undefined;
  useEffect(() => {
    document.title = `${title} · Headrace`;
  }, [title]);
  return (
    <main className={styles.page}>
      <BrandMark />
      <h1>
        {failed && <StatusIcon kind="failure" size={16} />}
        {title}
      </h1>
      {failed && <p className={styles.reason}>{failed.error.message}</p>}
      <p>{advice}</p>
      <div className="row">
        {/* A page without a session begins a log-in by itself. */}
        <Button look="primary" onClick={() => location.reload()}>
          {button}
        </Button>
        {unwelcome && <Button onClick={() => void logOut(unwelcome)}>Log in as somebody else</Button>}
      </div>
    </main>
  );
}
