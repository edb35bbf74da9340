import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPersonAsOf } from '#contract/people.ts'
import { lastDay } from '../../lib/formats.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import classes from './inspector.module.css'

export type RightThen = ResponseOf<typeof getPersonAsOf>['rights'][number]

/** What gave a right on a day, each way a line: the rule by its name then and its roles, or the decision with its reason. */
export function originThen(right: RightThen, { t, day }: Words): string[] {
  if (right.because.length === 0) return [t('why.originThenNone')]
  return right.because.map(one => {
    const since = one.since ? t('why.since', { date: day(one.since) }) : ''
    const what = one.grant
      ? [`${t(`why.grant.${one.grant.kind}`)}: ${one.grant.reason}`, one.grant.by ?? '']
      : [[one.rule?.name ?? '', ...one.roles].join(' › '), '']
    return [...what, since].filter(Boolean).join(', ')
  })
}
export const purposeThen = (right: RightThen, { t }: Words): string[] =>
  right.purposes.length > 0 ? right.purposes.map(one => `${one.purpose} (${one.activity})`) : [t('why.purposeThenNone')]
export const endThen = (right: RightThen, { t, date }: Words): string =>
  right.until ? date(lastDay(right.until)) : t(right.because.length > 0 ? 'why.endOpen' : 'why.endUnknown')

type Words = Pick<Texts, 't' | 'date' | 'day'>

/** Origin, purpose and end together, as they were recorded of another day. */
export function ThreeThen({ right }: { right: RightThen }) {
  const texts = useTexts()
  const { t } = texts
  return (
    <dl className={classes.three}>
      <div data-lack={right.because.length === 0 || undefined}>
        <dt>{t('why.origin')}</dt>
        <dd>
          <Lines of={originThen(right, texts)} />
        </dd>
      </div>
      <div data-lack={right.purposes.length === 0 || undefined}>
        <dt>{t('why.purpose')}</dt>
        <dd>
          <Lines of={purposeThen(right, texts)} />
        </dd>
      </div>
      <div>
        <dt>{t('why.end')}</dt>
        <dd>{endThen(right, texts)}</dd>
      </div>
    </dl>
  )
}

/** One thing a line. */
export function Lines({ of }: { of: readonly string[] }) {
  return [...new Set(of)].map(line => <div key={line}>{line}</div>)
}
