const day = 86_400_000

const at = (date: string) => Date.parse(`${date}T00:00:00Z`)

/** Civil date arithmetic on `YYYY-MM-DD`. */
export const addDays = (date: string, days: number) => new Date(at(date) + days * day).toISOString().slice(0, 10)
export const daysBetween = (from: string, to: string) => Math.round((at(to) - at(from)) / day)
export const yearOf = (date: string) => Number(date.slice(0, 4))
export const firstOfMonth = (date: string) => `${date.slice(0, 7)}-01`

/** The summer that the school year of a date began in: classes move up on 1 August. */
export const schoolYear = (date: string) => (date.slice(5) >= '08-01' ? yearOf(date) : yearOf(date) - 1)

/** `dd.mm.yyyy`, as Danish payroll systems write dates; an open end is an empty cell. */
export const danish = (date: string | null | undefined) =>
  date ? `${date.slice(8, 10)}.${date.slice(5, 7)}.${date.slice(0, 4)}` : ''

/** Windows FILETIME of a civil date and a second of that day: 100 ns since 1601 (MS-DTYP 2.3.3). */
export const filetime = (date: string, second = 0) =>
  ((BigInt(at(date)) + 11_644_473_600_000n + BigInt(second) * 1000n) * 10_000n).toString()

/** LDAP generalized time (RFC 4517 3.3.13). */
export const generalized = (date: string, second = 0) =>
  `${new Date(at(date) + second * 1000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}.0Z`
