import { ActionIcon, Button } from '@mantine/core'
import { IconCheck, IconMinus, IconPlayerPause, IconUser, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { getPerson, getPersonAsOf } from '#contract/people.ts'
import type { MatrixColumn, MatrixData } from '../features/matrix/matrix-data.ts'
import { Inspector } from '../features/person/inspector.tsx'
import { flatten } from '../features/person/person.ts'
import { ThreeThen } from '../features/person/then-three.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Answer } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'
import classes from './rights.module.css'

type Asked = { person: MatrixData['people'][number]; columns: readonly MatrixColumn[] }

/** Beside the grid: why the person has what the cell shows, right by right. It stays open while one moves on. */
export function WhyBeside(
  props: Asked & { past: { asOf: string; known: string | undefined } | null; onClose: () => void },
) {
  const { t } = useTexts()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves it from wherever one is in it
    <div className={classes.why} onKeyDown={event => event.key === 'Escape' && props.onClose()}>
      <div className={classes.whyHead}>
        <Button
          component={Link}
          to="/people/$personId"
          params={{ personId: props.person.id } as never}
          variant="default"
          size="xs"
          leftSection={<IconUser size={15} aria-hidden />}
        >
          {t('matrix.openPerson')}
        </Button>
        <ActionIcon variant="subtle" color="gray" aria-label={t('matrix.whyClose')} onClick={props.onClose}>
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </div>
      {props.past ? <WhyThen {...props} past={props.past} /> : <WhyNow {...props} />}
    </div>
  )
}

function WhyNow(props: Asked) {
  const { t } = useTexts()
  const { person, columns } = props
  const query = useCall(getPerson, { params: { personId: person.id } }, { keep: true })
  const [chosen, setChosen] = useState(0)
  return (
    <Answer query={query}>
      {page => {
        const rights = flatten(page.systems).filter(({ system, right }) =>
          inCell(columns, { systemId: system.system.id, entitlementId: right.entitlementId }),
        )
        const order = ['unexplained', 'still-held', 'missing', 'stale']
        rights.sort((a, b) => rank(order, a.right.state) - rank(order, b.right.state))
        const at = Math.min(chosen, rights.length - 1)
        const shown = rights[at]
        if (!shown)
          return (
            <aside className={classes.nothing} aria-label={t('matrix.why')}>
              {t('matrix.whyNothing', {
                name: page.person.name ?? t('people.protectedPerson'),
                system: columns[0]?.name ?? '',
              })}
            </aside>
          )
        return (
          <>
            {rights.length > 1 && (
              <p className="meta">
                {t('matrix.whyPlace', { at: at + 1, all: rights.length, system: shown.system.system.name })}
              </p>
            )}
            <Inspector
              key={`${page.person.id} ${shown.right.key}`}
              page={page}
              system={shown.system}
              right={shown.right}
              {...(rights.length > 1
                ? { onMove: (step: -1 | 1) => setChosen((at + step + rights.length) % rights.length) }
                : {})}
            />
          </>
        )
      }}
    </Answer>
  )
}

/** A column is a system or one right of it: a right is in the cell by id, for systems and rights share names. */
const inCell = (columns: readonly MatrixColumn[], right: { systemId: string; entitlementId: string }): boolean =>
  columns.some(one => one.id === (one.system === null ? right.systemId : right.entitlementId))
const rank = (order: readonly string[], state: string) => (order.includes(state) ? order.indexOf(state) : order.length)

function WhyThen(props: Asked & { past: { asOf: string; known: string | undefined } }) {
  const { t } = useTexts()
  const { person, columns, past } = props
  const query = useCall(getPersonAsOf, {
    params: { personId: person.id },
    query: { valid: past.asOf, ...(past.known ? { known: past.known } : {}) },
  })
  const mark = (yes: boolean, label: string) => (
    <Status tone={yes ? 'ok' : 'quiet'} icon={yes ? IconCheck : IconMinus} plain>
      {label}
    </Status>
  )
  return (
    <Answer query={query}>
      {then => {
        const rights = then.rights.filter(right => inCell(columns, right))
        return (
          <aside className={classes.nothing} aria-label={t('matrix.why')}>
            <h2>{then.name ?? t('people.protectedPerson')}</h2>
            <ul className={classes.then}>
              {rights.map(right => (
                <li key={right.key}>
                  <b>{right.name}</b> <span className="meta">{right.system}</span>
                  <div>
                    {right.rests ? (
                      <Status tone="info" icon={IconPlayerPause} plain>
                        {t('enum.rightState.suspended')}
                      </Status>
                    ) : (
                      mark(right.expected, t('matrix.wasExpected'))
                    )}{' '}
                    {mark(right.observed, t('matrix.wasObserved'))}
                  </div>
                  <ThreeThen right={right} />
                </li>
              ))}
            </ul>
            <p className="meta">{t(rights.length > 0 ? 'person.asOfKept' : 'person.asOfEmpty')}</p>
          </aside>
        )
      }}
    </Answer>
  )
}
