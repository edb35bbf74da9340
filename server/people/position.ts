/** Titles are compared without case and with single spaces: "Social-  og  SUNDHEDSASSISTENT" is one title. */
export function normaliseTitle(title: string): string {
  return title.normalize('NFC').trim().replace(/\s+/g, ' ').toLocaleLowerCase('da')
}
