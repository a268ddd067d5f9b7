import type { HTMLAttributes, Ref } from 'react';

export interface ScrollRegionProps extends HTMLAttributes<HTMLElement> {
  readonly label: string;
  readonly regionRef?: Ref<HTMLElement>;
}

/** A named part that scrolls by itself; the keyboard can reach and scroll it. */
export function ScrollRegion({ label, regionRef, children, ...rest }: ScrollRegionProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the keyboard could not scroll it
    <section ref={regionRef} tabIndex={0} aria-label={label} {...rest}>
      {children}
    </section>
  );
}
