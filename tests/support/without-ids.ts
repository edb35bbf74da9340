/** Text without its UUIDs: they are random and may well hold ten digits that look like a CPR number. */
export const withoutIds = (text: string): string => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')
