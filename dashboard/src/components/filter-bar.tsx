import { useId, useRef, useState } from 'react';
import { cx } from './cx';
import styles from './filter-bar.module.css';
import {
  type FilterKey,
  type FilterToken,
  formatFilter,
  formatToken,
  namedKeys,
  parseFilter,
  tokenProblem,
} from './filter-tokens';
import { Icon } from './icon';
import { useFilterKey } from './use-filter-key';

/** Suggestions at a time: as many as fit without scrolling. */
const offered = 9;

interface Suggestion {
  readonly text: string;
  readonly detail?: string | undefined;
  readonly more?: boolean | undefined;
}

/** Tokens by typing: `key:` offers values, Enter adds, Backspace selects and then removes; `/` focuses. */
export function FilterBar({
  label,
  value,
  keys,
  onChange,
  onDraft,
  trailing,
}: {
  readonly label: string;
  readonly value: string;
  readonly keys: readonly FilterKey[];
  readonly onChange: (value: string) => void;
  /** What is being typed, for keys whose values are asked for. */
  readonly onDraft?: (draft: string) => void;
  readonly trailing?: React.ReactNode;
}) {
  const tokens = parseFilter(value);
  const [draft, setTyped] = useState('');
  const setDraft = (text: string) => {
    setTyped(text);
    onDraft?.(text);
  };
  const [open, setOpen] = useState(false);
  const [highlighted, setHighlighted] = useState(-1);
  const [selected, setSelected] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();

  useFilterKey(input);

  const commit = (next: readonly FilterToken[]) => {
    onChange(formatFilter(next));
    setDraft('');
    setHighlighted(-1);
    setSelected(-1);
  };
  const add = (text: string) => {
    const isOpen = text.split('"').length % 2 === 0;
    const added = parseFilter(isOpen ? `${text.trimEnd()}"` : text);
    if (added.length > 0) commit([...tokens, ...added]);
  };
  const remove = (index: number) => {
    commit(tokens.filter((_, each) => each !== index));
    input.current?.focus();
  };
  const suggestions = open ? suggest(draft, keys) : [];
  const choose = (suggestion: Suggestion) => {
    if (suggestion.more) {
      setDraft(suggestion.text);
      setHighlighted(-1);
      input.current?.focus();
    } else {
      add(suggestion.text);
    }
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      const suggestion = suggestions[highlighted];
      if (suggestion) choose(suggestion);
      else add(draft);
    } else if (event.key === 'Backspace' && draft === '' && tokens.length > 0) {
      event.preventDefault();
      if (selected >= 0) remove(selected);
      else setSelected(tokens.length - 1);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (suggestions.length === 0) return setOpen(true);
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setHighlighted((highlighted + step + suggestions.length + 1) % (suggestions.length + 1));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (open && suggestions.length > 0 && draft !== '') setDraft('');
      else input.current?.blur();
      setSelected(-1);
    } else {
      setSelected(-1);
    }
  };

  return (
    <search className={styles.root} aria-label={label}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: clicking beside the field focuses it */}
      <div
        className={styles.bar}
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return;
          event.preventDefault();
          input.current?.focus();
        }}
      >
        <Icon name="filter" />
        {tokens.map((token, index) => {
          const problem = tokenProblem(token, keys);
          return (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: equal tokens may repeat
              key={`${index}:${formatToken(token)}`}
              className={cx(styles.token, problem && styles.wrong, index === selected && styles.chosen)}
              title={problem}
            >
              {(token.key || token.exclude) && (
                <span className={styles.key}>
                  {token.exclude && '−'}
                  {token.key && `${token.key}:`}
                </span>
              )}
              <span className={styles.value}>{token.values.join(', ')}</span>
              {problem && <span className="hidden-visually">{problem}</span>}
              <button type="button" aria-label={`Remove ${formatToken(token)}`} onClick={() => remove(index)}>
                <Icon name="close" size={12} />
              </button>
            </span>
          );
        })}
        <input
          ref={input}
          className={styles.input}
          role="combobox"
          aria-label={label}
          aria-expanded={suggestions.length > 0}
          aria-controls={listId}
          aria-activedescendant={highlighted >= 0 ? `${listId}-${highlighted}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={tokens.length === 0 ? namedKeys(keys).join(' ') : ''}
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
            setOpen(true);
            setHighlighted(-1);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setSelected(-1);
            if (draft.trim() && !draft.endsWith(':')) add(draft);
          }}
          onKeyDown={onKeyDown}
        />
        {trailing && <span className={styles.trailing}>{trailing}</span>}
      </div>
      <div className={cx(styles.popover, suggestions.length === 0 && styles.closed)}>
        <div id={listId} role="listbox" aria-label="Suggestions">
          {suggestions.map((suggestion, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the input keeps the focus and handles the keys
            <div
              key={suggestion.text}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === highlighted}
              className={styles.option}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(suggestion)}
            >
              <span>{suggestion.text}</span>
              {suggestion.detail && <span className={styles.detail}>{suggestion.detail}</span>}
            </div>
          ))}
        </div>
        <p className={styles.help}>
          <kbd>-</kbd> excludes <kbd>,</kbd> or <kbd>Enter</kbd> adds
        </p>
      </div>
    </search>
  );
}

function suggest(draft: string, keys: readonly FilterKey[]): readonly Suggestion[] {
  const exclude = draft.startsWith('-') ? '-' : '';
  const body = draft.slice(exclude.length);
  const colon = body.indexOf(':');
  if (colon < 0) {
    const words = body === '' ? [] : (keys.find((key) => key.key === '')?.suggest?.(body) ?? []);
    return [
      ...namedKeys(keys)
        .filter((name) => name.startsWith(body.toLowerCase()))
        .map((name) => ({ text: `${exclude}${name}`, more: true })),
      ...words.slice(0, offered).map(({ value, detail }) => ({ text: `${exclude}${value}`, detail })),
    ];
  }
  const known = keys.find((key) => key.key === body.slice(0, colon));
  const typed = body.slice(colon + 1);
  if (known?.suggest)
    return known
      .suggest(typed)
      .slice(0, offered)
      .map(({ value, ...each }) => ({ ...each, text: `${exclude}${known.key}:${value}` }));
  const given = typed.split(',');
  const last = given.at(-1)?.toLowerCase() ?? '';
  const before = given.slice(0, -1);
  return (known?.values ?? [])
    .filter((each) => each.value.toLowerCase().includes(last) && !before.includes(each.value))
    .slice(0, offered)
    .map((each) => ({
      text: `${exclude}${known?.key}:${[...before, each.value].join(',')}`,
      detail: each.detail,
    }));
}
