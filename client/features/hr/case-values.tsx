import { Stack } from '@mantine/core'
import { getCaseValues } from '#contract/case-values.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { lastDay } from '../../lib/formats.ts'
import { useCall } from '../../lib/query.ts'
import { useMay } from '../../lib/session.ts'
import { useTexts } from '../../texts/i18n.ts'
import { useAttribute } from '../../ui/attribute-word.ts'
import { Card } from '../../ui/card.tsx'
import { useSaid } from '../../ui/value-source.tsx'
import { CaseMatches } from './case-matches.tsx'
import classes from './match.module.css'

type Value = ResponseOf<typeof getCaseValues>['values'][number]

/** What counts of the employment that a report is about, whose word it is, and what waits to be settled with payroll. */
export function CaseValues(props: { caseId: string }) {
  const { t } = useTexts()
  const may = useMay()
  const query = useCall(getCaseValues, { params: { caseId: props.caseId } })
  const { affiliationId, values = [] } = query.data ?? {}
  if (!affiliationId || values.length === 0) return null
  return (
    <>
      <Card title={t('caseValues.title')}>
        <Stack gap={12}>
          <p className="meta">{t('caseValues.help')}</p>
          <Values values={values} />
        </Stack>
      </Card>
      {may('affiliation-match.read') && <CaseMatches affiliationId={affiliationId} />}
    </>
  )
}

function Values(props: { values: Value[] }) {
  const { t, language } = useTexts()
  const word = useAttribute()
  const said = useSaid()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than a telephone is scrolled by the keyboard too
    <section className={classes.scroll} aria-label={t('caseValues.title')} tabIndex={0}>
      <table className={classes.sides} aria-label={t('caseValues.title')}>
        <thead>
          <tr>
            <th scope="col">{t('caseValues.attribute')}</th>
            <th scope="col">{t('caseValues.now')}</th>
            <th scope="col">{t('caseValues.reported')}</th>
          </tr>
        </thead>
        <tbody>
          {props.values.map(one => (
            <tr key={one.attribute} data-differs={one.differs || undefined}>
              <th scope="row">{word(one.attribute)}</th>
              <td>
                <Shown attribute={one.attribute} text={one.now} />
                <div className="meta">
                  {one.source && one.since
                    ? said({
                        ...{ source: one.source, since: one.since, author: one.author },
                        name: one.sourceName?.[language] ?? null,
                      })
                    : t('valueSource.unknown')}
                </div>
              </td>
              <td>{one.differs && <Shown attribute={one.attribute} text={one.reported} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Shown({ attribute, text }: { attribute: string; text: string | null }) {
  const { t, date, number } = useTexts()
  if (text === null) return <span className="dim">{t('caseValues.none')}</span>
  if (attribute === 'endsOn') return date(lastDay(text))
  if (attribute === 'startsOn') return date(text)
  return attribute === 'fraction' ? number(Number(text)) : text
}
