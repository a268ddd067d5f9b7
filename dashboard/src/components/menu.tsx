import { DropdownMenu } from 'radix-ui';
import type { ReactElement } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon-paths';
import styles from './menu.module.css';

export interface MenuItem {
  readonly text: string;
  readonly icon?: IconName;
  readonly detail?: string;
  readonly danger?: boolean;
  /** Why it cannot be chosen; shown instead of the detail. */
  readonly disabled?: string | false;
  readonly onSelect: () => void;
}

/** A button that opens choices. */
export function Menu({
  trigger,
  items,
  caption,
}: {
  readonly trigger: ReactElement;
  readonly items: readonly (MenuItem | 'separator')[];
  readonly caption?: string;
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4} collisionPadding={8}>
          {caption && <DropdownMenu.Label className={styles.caption}>{caption}</DropdownMenu.Label>}
          {items.map((item, index) =>
            item === 'separator' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: separators have no identity
              <DropdownMenu.Separator key={index} className={styles.separator} />
            ) : (
              <DropdownMenu.Item
                key={item.text}
                className={styles.item}
                data-danger={item.danger || undefined}
                disabled={Boolean(item.disabled)}
                onSelect={item.onSelect}
              >
                {item.icon && <Icon name={item.icon} size={14} />}
                {item.text}
                {(item.disabled || item.detail) && (
                  <span className={styles.detail}>{item.disabled || item.detail}</span>
                )}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
