import type { Texts } from '../texts/i18n.ts'

/** "30 dage", "15 måneder". Needs the texts of the register. */
export const periodText = (t: Texts['t'], { amount, unit }: { amount: number; unit: 'days' | 'months' }): string =>
  t(`compliance.period.${unit}`, { count: amount, amount: String(amount) })
