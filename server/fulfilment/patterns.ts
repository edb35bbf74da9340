/** Does the name fit one of the patterns (`svc-*`)? Capital and small letters are the same. Pure. */
export const fitsOne = (name: string, patterns: readonly string[]): boolean =>
  patterns.some(pattern => {
    const parts = pattern.split('*').map(part => part.replace(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`, 'is').test(name)
  })
