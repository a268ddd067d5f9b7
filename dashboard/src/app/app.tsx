import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useSession } from '../identity/session';
import { router } from './router';

const LoggedOutPage = lazy(() => import('./logged-out-page'));

/** The pages; or, where people log in and nobody is, why. */
export function App() {
  const user = useSession();
  if (user.kind === 'failed' || user.kind === 'logged-out') {
    return (
      <Suspense>
        <LoggedOutPage user={user} />
      </Suspense>
    );
  }
  return <RouterProvider router={router} />;
}
