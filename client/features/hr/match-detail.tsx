import { Button, Group, NativeSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import type { getAffiliationMatch } from '#contract/affiliation-matches.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { useTexts } from '../../texts/i18n.ts'
import { useAttribute } from '../../ui/attribute-word.ts'
import { Card } from '../../ui/card.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import classes from './match.module.css'

export type Match = ResponseOf<typeof getAffiliationMatch>
export type Settled = { keepReport: string[]; takePayroll: string[] }
type Choice = 'authority' | 'report' | 'payroll'

/** Two sides beside each other, what differs first. */
export function MatchDetail(props: {
  match: Match
  busy: boolean
  problem: string | null
  onSame: (settled: Settled) => void
  onDifferent: () => void
  onUndo: () => void
}) {
  const { t, percent } = useTexts()
  const { match } = props
  const word = useAttribute()
  const [chosen, setChosen] = useState<Record<string, Choice>>({})
  const of = (choice: Choice) => Object.keys(chosen).filter(name => chosen[name] === choice)
  return (
    <Stack gap={16}>
      <Card
        title={t(`matching.evidence.${match.evidence}`)}
        aside={<span className="meta">{t('matching.confidence', { percent: percent(match.confidence / 100) })}</span>}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than a telephone is scrolled by the keyboard too */}
        <section className={classes.scroll} aria-label={t(`matching.evidence.${match.evidence}`)} tabIndex={0}>
          <table className={classes.sides}>
            <caption>{match.differs.length > 0 ? t('matching.differs') : t('matching.nothingDiffers')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('matching.attribute')}</th>
                <th scope="col">
                  {t('matching.report')}
                  <div>
                    <PersonLink person={match.report.person} />
                  </div>
                </th>
                <th scope="col">
                  {t('matching.payroll')} ({match.payroll.source})
                  <div>
                    <PersonLink person={match.payroll.person} />
                  </div>
                </th>
                {match.allowed.decide && <th scope="col">{t('matching.settle')}</th>}
              </tr>
            </thead>
            <tbody>
              {match.differs.map(one => (
                <tr key={one.attribute} data-differs>
                  <th scope="row">{word(one.attribute)}</th>
                  <Value text={one.report} wins={one.wins === 'report'} />
                  <Value text={one.payroll} wins={one.wins === 'payroll'} />
                  {match.allowed.decide && (
                    <td>
                      {one.report !== null && one.payroll !== null && !IDENTITY.includes(one.attribute) && (
                        <NativeSelect
                          size="xs"
                          aria-label={`${t('matching.settle')}: ${word(one.attribute)}`}
                          value={chosen[one.attribute] ?? 'authority'}
                          onChange={event =>
                            setChosen({ ...chosen, [one.attribute]: event.currentTarget.value as Choice })
                          }
                          data={(['authority', 'report', 'payroll'] as const).map(value => ({
                            value,
                            label: t(`matching.settleAs.${value}`),
                          }))}
                        />
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        {match.agrees.length > 0 && (
          <details>
            <summary>{t('matching.agrees', { count: match.agrees.length })}</summary>
            <ul>
              {match.agrees.map(one => (
                <li key={one.attribute}>
                  {word(one.attribute)}: {one.report}
                </li>
              ))}
            </ul>
          </details>
        )}
      </Card>
      {match.certain ? (
        <p className="dim">{t('matching.byItself')}</p>
      ) : (
        match.decidedBy && <p className="dim">{t('matching.decidedBy', { name: match.decidedBy })}</p>
      )}
      {props.problem && <p role="alert">{props.problem}</p>}
      {match.allowed.decide && (
        <>
          <p className="dim">{t('matching.oneKind')}</p>
          <Group gap={8}>
            <Button
              loading={props.busy}
              onClick={() => props.onSame({ keepReport: of('report'), takePayroll: of('payroll') })}
            >
              {t('matching.same')}
            </Button>
            <Button variant="default" disabled={props.busy} onClick={props.onDifferent}>
              {t('matching.different')}
            </Button>
          </Group>
        </>
      )}
      {match.allowed.undo && (
        <Group gap={8}>
          <Button variant="default" loading={props.busy} onClick={props.onUndo}>
            {t('matching.undo')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

const IDENTITY = ['name', 'birthDate']

function Value(props: { text: string | null; wins: boolean }) {
  const { t, date } = useTexts()
  const { text } = props
  if (text === null)
    return (
      <td>
        <span className="dim">{t('matching.none')}</span>
      </td>
    )
  return <td data-wins={props.wins || undefined}>{/^\d{4}-\d\d-\d\d$/.test(text) ? date(text) : text}</td>
}
