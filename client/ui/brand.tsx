/** The word is the mark: second syllable in petrol. */
export function Brand() {
  return (
    <span style={{ fontWeight: 700, letterSpacing: '-0.01em', color: 'var(--mantine-color-text)' }}>
      Hjem<span style={{ color: 'var(--app-accent)' }}>mel</span>
    </span>
  )
}
