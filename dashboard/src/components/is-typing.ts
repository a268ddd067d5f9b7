import { readPreferences } from './preferences';

/**
 * Whether a key press belongs to a field, a menu or a dialog rather than to a shortcut; letters also when the reader
 * has turned shortcuts off.
 */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return true;
  if (event.key.length === 1 && !readPreferences().shortcuts) return true;
  // Outside a shadow root, such as the YAML editor's, the event's own target is only the root's host.
  const [innermost] = event.composedPath();
  const target = innermost instanceof Element ? innermost : null;
  if (document.querySelector('dialog[open]')) return true;
  return Boolean(
    target?.closest(
      'input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=menu], .cm-editor',
    ),
  );
}
