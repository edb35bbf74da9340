import type { CasePage } from '#contract/lifecycle.ts'
import { lastDay } from '../../../lib/formats.ts'
import { type Texts, useTexts } from '../../../texts/i18n.ts'

type Fact = { label: string; value: string }

/** What a report about an affiliation that is there says, for its page. */
export function useChangeFacts(): (form: CasePage['form']) => Fact[] {
  const { t, date, number } = useTexts()
  return form => factsOf(form, { t, date, number })
}

function factsOf(form: CasePage['form'], { t, date, number }: Pick<Texts, 't' | 'date' | 'number'>): Fact[] {
  const day = (label: string, value: string | null) => (value ? [{ label, value: date(value) }] : [])
  const last = (label: string, value: string | null) => (value ? [{ label, value: date(lastDay(value)) }] : [])
  const text = (label: string, value: string) => (value ? [{ label, value }] : [])
  if (form.kind === 'move')
    return [
      { label: t('doors.how'), value: t(form.how === 'beside' ? 'doors.howBeside' : 'doors.howChange') },
      ...text(t('doors.title'), form.title),
      ...(form.hours === null ? [] : [{ label: t('doors.hours'), value: number(form.hours) }]),
      ...day(t('doors.from'), form.from),
      ...last(t('doors.to'), form.to),
      ...text(t('doors.note'), form.note),
    ]
  if (form.kind === 'absence')
    return [
      ...text(t('doors.reason'), form.reason),
      ...day(t('doors.from'), form.from),
      ...last(t('doors.backOn'), form.to),
      ...text(t('doors.note'), form.note),
    ]
  if (form.kind === 'end')
    return [
      ...last(form.death ? t('doors.deathDay') : t('doors.lastDay'), form.endsOn),
      ...day(t('doors.lastWorkingDay'), form.lastWorkingDay),
      ...day(t('doors.releasedFrom'), form.releasedFrom),
      { label: t('doors.governs'), value: t(form.atOnce ? 'doors.atOnce' : `doors.governing.${form.governs}`) },
      ...text(t('doors.reason'), form.reason),
      ...text(t('doors.note'), form.note),
    ]
  return []
}
