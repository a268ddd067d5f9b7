import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../components/button';
import { EmptyState } from '../components/panel-states';
import { useNow } from '../components/use-now';
import { useConnection } from '../graphql/connection';

/** Ms without any answer until that is said: the first of several requests may fail by itself. */
const PATIENCE_MS = 2_000;

/** Whether nothing has answered since the page was opened. */
export function useIsUnreachable(): boolean {
  const { lastAnswerAt, failingSince } = useConnection();
  const now = useNow();
  return lastAnswerAt === undefined && failingSince !== undefined && now - failingSince > PATIENCE_MS;
}

/** Instead of a page while nothing of the instance answers; it goes by itself once something does. */
export function Unreachable() {
  const client = useQueryClient();
  return (
    <EmptyState
      icon="deployment"
      title="This instance cannot be reached"
      command="npx headrace dev"
      action={
        <Button icon="retry" onClick={() => void client.refetchQueries()}>
          Try now
        </Button>
      }
    >
      {location.host} gave the dashboard, but its API does not answer; trying again every 5 s. Look at your
      network, and on a laptop whether it still runs:
    </EmptyState>
  );
}
