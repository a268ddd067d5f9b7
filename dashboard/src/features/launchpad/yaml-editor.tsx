import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation } from '@codemirror/state';
import { hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { EditorView, minimalSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { YamlCompletion } from './yaml-completion';
import type { KeyNote } from './yaml-hover';

/** A text that somebody else gave the editor: nobody typed it here. */
const fromOutside = Annotation.define<boolean>();

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: 'var(--fs-12)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: 'var(--lh-code)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-3)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--surface-2)' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-tint) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--border)',
    borderRadius: 'var(--r)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow-2, none)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-tint)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--text-2)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: '260px' },
  '.cm-keyNote': { maxWidth: '340px', padding: '6px 10px', fontFamily: 'var(--font-sans)' },
  '.cm-keyNote b': { fontFamily: 'var(--font-mono)', fontWeight: '600' },
  '.cm-keyNote span': { marginLeft: '8px', color: 'var(--text-2)' },
  '.cm-keyNote p': { margin: '4px 0 0' },
  '.cm-diagnostic': { padding: '4px 10px', fontFamily: 'var(--font-sans)' },
});

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content], color: 'var(--code-str)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-num)' },
  { tag: tags.comment, color: 'var(--code-com)' },
]);

export interface YamlMark {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/**
 * A YAML editor that marks what does not parse or fit, and offers what may stand where the cursor is. It lives in a
 * shadow root, where the editor's styles are constructed sheets: a strict content security policy allows those and no
 * inline style elements.
 */
export default function YamlEditor({
  value,
  label,
  marks,
  reveal,
  complete: offer,
  describe,
  onChange,
}: {
  readonly value: string;
  readonly label: string;
  /** What is wrong with the text, in its order. */
  readonly marks: readonly YamlMark[];
  /** A place to go to, once per object. */
  readonly reveal: { readonly from: number; readonly to: number } | undefined;
  /** What may stand at an offset of the text. */
  readonly complete: (text: string, offset: number) => YamlCompletion | undefined;
  /** What is said of the key at an offset of the text. */
  readonly describe: (text: string, offset: number) => KeyNote | undefined;
  readonly onChange: (value: string) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, offer, describe });
  latest.current = { onChange, offer, describe };
  const initial = useRef(value);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const complete = (context: CompletionContext) => {
      const found = latest.current.offer(context.state.doc.toString(), context.pos);
      if (!found || (found.from === context.pos && !context.explicit && !/:\s$/.test(beforeCursor(context))))
        return null;
      return {
        from: found.from,
        options: found.options.map((option) => ({
          label: option.label,
          apply: option.apply,
          detail: option.detail,
          ...(option.info ? { info: option.info } : {}),
          type: option.kind === 'key' ? 'property' : 'enum',
        })),
      };
    };
    const editor = new EditorView({
      root,
      parent: root,
      doc: initial.current,
      extensions: [
        minimalSetup,
        lineNumbers(),
        yaml(),
        indentUnit.of('  '),
        lintGutter(),
        autocompletion({ override: [complete], icons: false }),
        keymap.of(completionKeymap),
        hoverTooltip(({ state }, offset) => {
          const note = latest.current.describe(state.doc.toString(), offset);
          return note
            ? { pos: note.from, end: note.to, above: true, create: () => ({ dom: noteElement(note) }) }
            : null;
        }),
        theme,
        syntaxHighlighting(colors),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          const isTyped = !update.transactions.some((each) => each.annotation(fromOutside));
          if (update.docChanged && isTyped) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    const changes = { from: 0, to: editor.state.doc.length, insert: value };
    editor.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [value]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const diagnostics = marks.map(({ from, to, message }): Diagnostic => {
      return { from: Math.min(end, from), to: Math.min(end, to), severity: 'error', message };
    });
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [marks]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || !reveal) return;
    editor.dispatch({ selection: { anchor: reveal.from, head: reveal.to }, scrollIntoView: true });
    editor.focus();
  }, [reveal]);
  return <div ref={host} style={{ height: '100%' }} />;
}

function noteElement({ key, facts, description }: KeyNote): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-keyNote';
  const add = (tag: 'b' | 'span' | 'p', text: string) => {
    const part = document.createElement(tag);
    part.textContent = text;
    element.append(part);
  };
  add('b', key);
  add('span', facts.join(' · '));
  if (description) add('p', description);
  return element;
}

function beforeCursor(context: CompletionContext): string {
  const line = context.state.doc.lineAt(context.pos);
  return line.text.slice(0, context.pos - line.from);
}
