import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconKey, IconShieldLock } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { Offered, proposeRights } from '#contract/lifecycle-desk.ts'
import type { ExtraRight } from '#contract/lifecycle-forms.ts'
import { useTexts } from '../../texts/i18n.ts'
import { SearchField } from '../../ui/filters.tsx'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Status } from '../../ui/status.tsx'
import { fieldId, limitTexts } from './case-words.ts'
import classes from './lifecycle.module.css'

type LimitKind = ExtraRight['limits'][number]['kind']
/** What can limit a type beside values that are said: the unit's place, its own KLE numbers. The first is offered. */
const KINDS: Record<string, LimitKind[]> = { unit: ['own-unit', 'own-unit-and-below'], kle: ['kle'] }
const isOn = (on: string): on is 'unit' | 'kle' | 'sensitivity' => ['unit', 'kle', 'sensitivity'].includes(on)

export type Proposals = ResponseOf<typeof proposeRights>

/** Accounts, authorisations and equipment in one list: what rules give, what colleagues have, what one adds. */
export function RightsFields(props: {
  rights: readonly ExtraRight[]
  onChange: (rights: ExtraRight[]) => void
  wrong: (where: string) => string | undefined
  proposals: Proposals | undefined
  text: string
  onText: (text: string) => void
}) {
  const { t } = useTexts()
  const { rights: chosenRights, onChange: set, proposals } = props
  const [typed, setTyped] = useState(props.text)
  const { onText } = props
  useEffect(() => {
    const timer = setTimeout(() => onText(typed.trim()), 250)
    return () => clearTimeout(timer)
  }, [typed, onText])
  const chosen = new Set(chosenRights.map(one => one.entitlementId))
  const add = (right: Offered) =>
    set([
      ...chosenRights,
      {
        entitlementId: right.id,
        limits: right.takes.map(on => ({ on, kind: KINDS[on]?.[0] ?? 'chosen', values: [] })),
        why: '',
      },
    ])
  const remove = (id: string) => set(chosenRights.filter(one => one.entitlementId !== id))
  const adder = (right: Offered) => (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={t('reports.rights.chooseOf', { name: `${right.system.name}: ${right.name}` })}
      onClick={() => add(right)}
    >
      {t('reports.rights.choose')}
    </Button>
  )
  if (!proposals) return <p className="meta">{t('reports.rights.waits')}</p>
  const details = new Map(
    [...proposals.chosen, ...proposals.usual, ...proposals.found, ...proposals.given].map(one => [one.id, one]),
  )
  const usual = proposals.usual.filter(one => !chosen.has(one.id))
  return (
    <div>
      <Group title={t('reports.rights.given')} count={proposals.given.length} none={t('reports.rights.givenNone')}>
        {[...Map.groupBy(proposals.given, right => right.rule.key)].map(([key, rights]) => (
          <ByRule key={key} rights={rights} />
        ))}
      </Group>
      {chosenRights.length > 0 && (
        <Group title={t('reports.rights.chosen')} count={chosenRights.length} none="">
          {chosenRights.map((one, at) => {
            const right = details.get(one.entitlementId)
            const name = right ? `${right.system.name}: ${right.name}` : ''
            return (
              <Line
                key={one.entitlementId}
                right={right ?? null}
                action={
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t('reports.rights.removeOf', { name })}
                    onClick={() => remove(one.entitlementId)}
                  >
                    {t('reports.rights.remove')}
                  </Button>
                }
              >
                <ChosenFields
                  at={at}
                  one={one}
                  wrong={props.wrong(`rights/${at}`)}
                  onChange={next => set(chosenRights.map(each => (each === one ? next : each)))}
                />
              </Line>
            )
          })}
        </Group>
      )}
      <Group
        title={t('reports.rights.usual')}
        count={usual.length}
        none={proposals.colleagues === 0 ? t('reports.rights.usualAlone') : t('reports.rights.usualNone')}
      >
        {usual.map(right => (
          <Line key={right.id} right={right} action={adder(right)}>
            <div className="meta">
              {t('reports.rights.holders', { holders: String(right.holders), of: String(proposals.colleagues) })}
            </div>
          </Line>
        ))}
      </Group>
      <Group title={t('reports.rights.add')} none="">
        <li className={classes.right}>
          <div className={classes.rightText}>
            <SearchField
              label={t('reports.rights.addFind')}
              hint={t('reports.rights.addHint')}
              value={typed}
              onChange={setTyped}
            />
          </div>
        </li>
        {proposals.found
          .filter(right => !chosen.has(right.id))
          .map(right => (
            <Line key={right.id} right={right} action={adder(right)} />
          ))}
        {props.text !== '' && proposals.found.length === 0 && (
          <li className="meta" role="status">
            {t('reports.rights.nothingFound')}
          </li>
        )}
      </Group>
    </div>
  )
}

/** What one rule gives: why stands once, and many fold. */
function ByRule(props: { rights: Proposals['given'] }) {
  const { t } = useTexts()
  const { rights } = props
  const rule = rights[0]?.rule
  return (
    <li className={classes.right}>
      <details className={`${classes.fold} ${classes.rightText}`} open={rights.length <= 3}>
        <summary>
          <span className={classes.name}>
            {t('reports.rights.ofRule', { count: rights.length, rule: rule?.name ?? '' })}
          </span>
          {rule?.purpose && <span className="meta"> {t('reports.rights.purpose', { purpose: rule.purpose })}</span>}
        </summary>
        <ul>
          {rights.map(right => (
            <li key={right.id}>
              {right.system.name}: {right.name} <Sensitivity sensitivity={right.sensitivity} />
              {limitTexts(t, right.limits).map(text => (
                <span key={text} className="meta">
                  {' '}
                  {text}
                </span>
              ))}
            </li>
          ))}
        </ul>
      </details>
    </li>
  )
}

function Group(props: { title: string; count?: number; none: string; children: ReactNode }) {
  const { number } = useTexts()
  return (
    <section className={classes.group}>
      <h3>
        {props.title}
        {props.count !== undefined && <span className="meta">{number(props.count)}</span>}
      </h3>
      {props.count === 0 ? <p className="meta">{props.none}</p> : <ul className={classes.list}>{props.children}</ul>}
    </section>
  )
}

function Line(props: { right: Offered | null; action?: ReactNode; children?: ReactNode }) {
  const { t } = useTexts()
  const { right } = props
  const who = right?.approver?.person?.name
  return (
    <li className={classes.right}>
      <div className={classes.rightText}>
        <div className={classes.name}>{right ? `${right.system.name}: ${right.name}` : t('app.loading')}</div>
        {right && (
          <div className={classes.marks}>
            <Sensitivity sensitivity={right.sensitivity} />
            {right.privileged && (
              <Status tone="wait" icon={IconKey}>
                {t('reports.rights.privileged')}
              </Status>
            )}
            {right.approver && (
              <Status tone="wait" icon={IconShieldLock}>
                {who ? t('reports.rights.approver', { name: who }) : t('reports.rights.approverHr')}
              </Status>
            )}
          </div>
        )}
        {props.children}
      </div>
      {props.action}
    </li>
  )
}

function ChosenFields(props: {
  at: number
  one: ExtraRight
  wrong: string | undefined
  onChange: (next: ExtraRight) => void
}) {
  const { t } = useTexts()
  const { one, at } = props
  const limit = (on: string, next: Partial<ExtraRight['limits'][number]>) =>
    props.onChange({ ...one, limits: one.limits.map(each => (each.on === on ? { ...each, ...next } : each)) })
  const labels = {
    'own-unit': t('reports.rights.limitOwn'),
    'own-unit-and-below': t('reports.rights.limitBelow'),
    kle: t('reports.rights.limitKle'),
    chosen: t('reports.rights.limitChosen'),
  }
  return (
    <div className={classes.pair} id={fieldId(`rights/${at}`)}>
      {one.limits.map(each => (
        <div key={each.on}>
          <NativeSelect
            label={t('reports.rights.limitOn', { on: isOn(each.on) ? t(`reports.rights.on.${each.on}`) : each.on })}
            value={each.kind}
            error={props.wrong}
            data={[...(KINDS[each.on] ?? []), 'chosen' as const].map(value => ({ value, label: labels[value] }))}
            onChange={event => limit(each.on, { kind: event.currentTarget.value as 'chosen' })}
          />
          {each.kind === 'chosen' && (
            <TextInput
              label={t('reports.rights.limitValues')}
              defaultValue={each.values.join(', ')}
              onChange={event =>
                limit(each.on, {
                  values: event.currentTarget.value
                    .split(',')
                    .map(value => value.trim())
                    .filter(Boolean),
                })
              }
            />
          )}
        </div>
      ))}
      <TextInput
        label={t('reports.rights.why')}
        value={one.why}
        maxLength={500}
        onChange={event => props.onChange({ ...one, why: event.currentTarget.value })}
      />
      {props.wrong && one.limits.length === 0 && <p role="alert">{props.wrong}</p>}
    </div>
  )
}
