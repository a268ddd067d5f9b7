/** The mark: water in a channel. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" width={20} height={20} aria-hidden="true">
      <rect width="20" height="20" rx="5" fill="var(--ink)" />
      <path
        d="M4 7.2c2-1.8 4-1.8 6 0s4 1.8 6 0M4 12.8c2-1.8 4-1.8 6 0s4 1.8 6 0"
        fill="none"
        stroke="var(--on-ink)"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </svg>
  );
}
