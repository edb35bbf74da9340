/** By which names of accounts and rights in a list are compared: nobody writes `Sagsbehandler ` twice alike. No tab is left. */
export const nameKey = (name: string): string => name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** Key of a record of kind `held`: both in the form in which they are compared, which holds no tab. */
export const heldKey = (account: string, right: string): string => `${nameKey(account)}\t${nameKey(right)}`
