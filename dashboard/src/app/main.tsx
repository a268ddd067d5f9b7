import 'virtual:styles';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startPreferences } from '../components/preferences';
import { ensureValidLanguage } from '../components/valid-language';
import { loadConfig } from '../graphql/config';
import { keepServerToken, tokenBrowser } from '../identity/server-token';
import { onPageRestored, openSession } from '../identity/session';
import { App } from './app';
import favicon from './favicon.svg';
import { rememberPlace } from './recent-places';
import { router } from './router';

// Before the first request; the router hears of the address without it.
keepServerToken(tokenBrowser);
// The link may be opened in a tab that has the page already, which does not load it anew.
addEventListener('hashchange', () => keepServerToken(tokenBrowser) && location.reload());
ensureValidLanguage();
startPreferences();
for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=icon]')) link.href = favicon;

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: 500,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: 'always',
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');
const root = createRoot(container);
const render = () =>
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );

router.subscribe('onResolved', ({ toLocation }) => rememberPlace(toLocation));
onPageRestored((path) => {
  router.history.replace(path);
  router.history.flush();
});
// Whatever a log-in fails of is in the state of the session, which App shows.
const opened = loadConfig()
  .then(({ auth }) => auth && openSession(auth))
  .catch(() => undefined);
// An address that a log-in came back to is no page: the wanted one takes its place first.
const isBack = location.pathname === '/' && new URLSearchParams(location.search).has('state');
if (isBack) void opened.then(render);
else render();
