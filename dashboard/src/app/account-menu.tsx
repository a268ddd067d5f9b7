import { Button } from '../components/button';
import { Menu } from '../components/menu';
import { logOut, type Session } from '../identity/session';

/** Who is logged in, and the way out. */
export default function AccountMenu({ session }: { readonly session: Session }) {
  const person = session.person ?? 'Somebody without a name';
  return (
    <Menu
      trigger={<Button look="ghost" small icon="user" aria-label={`Account of ${person}`} />}
      caption={person}
      items={[{ text: 'Log out', icon: 'logOut', onSelect: () => void logOut(session) }]}
    />
  );
}
