import type { Texts } from '../texts/i18n.ts'

/** "30 dage", "15 måneder", "5 år". Needs the texts of the register. */
export const periodText = (t: Texts['t'], { amount, unit }: { amount: number; unit: 'days' | 'months' }): string => {
  const whole = unit === 'months' && amount > 12 && amount % 12 === 0
  const count = whole ? amount / 12 : amount
  return t(`compliance.period.${whole ? 'years' : unit}`, { count, amount: String(count) })
}
