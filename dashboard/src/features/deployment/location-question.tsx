import { DifferenceDialog } from './code-difference';
import type { CodeLocationVersions } from './rest-api';
import { RollbackDialog } from './rollback-dialog';

/** What a question is about: the difference of two versions, or a way back to one. */
export type LocationQuestion =
  | { readonly kind: 'difference'; readonly name: string; readonly from?: string; readonly to?: string }
  | { readonly kind: 'rollback'; readonly location: CodeLocationVersions; readonly to?: string };

export function LocationQuestionDialog({
  asked,
  onClose,
}: {
  readonly asked: LocationQuestion;
  readonly onClose: () => void;
}) {
  return asked.kind === 'difference' ? (
    <DifferenceDialog location={asked.name} from={asked.from} to={asked.to} onClose={onClose} />
  ) : (
    <RollbackDialog location={asked.location} initial={asked.to} onClose={onClose} />
  );
}
