/** The product's mark: two joined lenses. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="6" fill="var(--lt-accent-fill)" />
      <g fill="none" stroke="#fff" strokeWidth="2.4">
        <circle cx="10.6" cy="16" r="4.4" />
        <circle cx="21.4" cy="16" r="4.4" />
      </g>
    </svg>
  );
}
