/** A container at anchor inside the curve of a harbour wall, with water under it. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0c5c73" />
      <path d="M20.6 6.9A10 10 0 1 0 25.4 12.5" fill="none" stroke="#fff" strokeWidth="2.8" strokeLinecap="round" />
      <rect x="11.6" y="11" width="8.8" height="6" rx="1.4" fill="#ffb454" />
      <path
        d="M10.5 20.6c1.4 0 1.4 1.2 2.75 1.2s1.4-1.2 2.75-1.2 1.4 1.2 2.75 1.2 1.4-1.2 2.75-1.2"
        fill="none"
        stroke="#bfe6ee"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </svg>
  );
}
