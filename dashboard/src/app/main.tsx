import 'virtual:styles';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startPreferences } from '../components/preferences';
import { ensureValidLanguage } from '../components/valid-language';
import { loadConfig } from '../graphql/config';
import favicon from './favicon.svg';
import { router } from './router';

ensureValidLanguage();
startPreferences();
void loadConfig();
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
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
