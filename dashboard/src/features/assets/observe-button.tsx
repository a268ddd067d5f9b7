import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../components/button';
import { showToast } from '../../components/toast';
import { undone } from '../../graphql/undone';
import type { AssetCatalogNode } from '../../graphql/use-assets';
import { launchAssetRun, materializeTarget } from '../../graphql/use-materialize';

/** Looks at an asset that is made elsewhere: as a whole, so there is nothing to ask. */
export function ObserveButton({
  node,
}: {
  readonly node: Pick<AssetCatalogNode, 'assetKey' | 'repository' | 'hasMaterializePermission'>;
}) {
  const navigate = useNavigate();
  const key = node.assetKey.path.join('/');
  const observe = useMutation({
    mutationFn: () => launchAssetRun(materializeTarget(node), { assets: [node.assetKey.path] }),
    onSuccess: (runId) =>
      showToast({
        kind: 'success',
        title: 'Launched an observation',
        detail: key,
        action: { text: 'Open', run: () => void navigate({ to: '/runs/$runId', params: { runId } }) },
      }),
    onError: (error) =>
      showToast({ kind: 'failure', title: undone(error, 'launched'), detail: error.message }),
  });
  return (
    <Button
      look="primary"
      icon="play"
      busy={observe.isPending}
      disabled={!node.hasMaterializePermission}
      title={node.hasMaterializePermission ? undefined : 'Your role may not observe assets here'}
      onClick={() => observe.mutate()}
    >
      Observe
    </Button>
  );
}
