import { useMutation, useQueryClient } from '@tanstack/react-query';
import { plural } from '../../components/format/number';
import { showToast } from '../../components/toast';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import { undone } from '../../graphql/undone';
import { queryKey } from '../../graphql/use-live-query';
import { reloadLocationDocument, reloadWorkspaceDocument, workspaceDocument } from './deployment.graphql';

/** Loads the code of one location anew. */
export function useReload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      const answer = await request(reloadLocationDocument, { name });
      const entry = expectType(answer.reloadRepositoryLocation, 'WorkspaceLocationEntry');
      if (entry.locationOrLoadError?.__typename === 'PythonError')
        throw new Error(entry.locationOrLoadError.message);
    },
    onSuccess: (_, name) => showToast({ kind: 'success', title: `Reloaded ${name}` }),
    onError: (error, name) =>
      showToast({ kind: 'failure', title: `${name} did not load`, detail: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKey(workspaceDocument, {}) }),
  });
}

/** Loads the code of every location anew; what does not load keeps no other from it. */
export function useReloadAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      expectType((await request(reloadWorkspaceDocument, {})).reloadWorkspace, 'Workspace').locationEntries,
    onSuccess: (entries) => {
      const broken = entries.filter((entry) => entry.locationOrLoadError?.__typename === 'PythonError');
      const loaded = entries.length - broken.length;
      if (loaded > 0) showToast({ kind: 'success', title: `Reloaded ${plural(loaded, 'code location')}` });
      if (broken.length > 0) {
        showToast({
          kind: 'failure',
          title: `${plural(broken.length, 'code location')} did not load`,
          detail: broken.map(({ name }) => name).join(', '),
        });
      }
    },
    onError: (error) =>
      showToast({ kind: 'failure', title: undone(error, 'reloaded'), detail: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKey(workspaceDocument, {}) }),
  });
}
