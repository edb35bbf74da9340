/** The system part of an entitlement key: small letters and digits. */
export const systemKeyPattern = '[\\p{Ll}\\p{N}][\\p{Ll}\\p{N}._-]*'
const pattern = new RegExp(`^${systemKeyPattern}/[^*{}\\s/](?:[^*{}\\r\\n\\t]*[^*{}\\s])?$`, 'u')

/** `system/entitlement`, the system in small letters; the entitlement may hold spaces and capitals, as AD groups do. */
export const isEntitlementKey = (key: string): boolean => pattern.test(key)
