import { Button, Radio } from '@mantine/core'
import { IconShieldBolt } from '@tabler/icons-react'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getGroupCase, ProposalReason } from '#contract/mappings.ts'
import { useTexts } from '../../texts/i18n.ts'
import type { Translate } from '../../texts/translate.ts'
import { Facts } from '../../ui/card.tsx'
import classes from '../../ui/desk.module.css'
import { PersonLink } from '../../ui/person-link.tsx'
import { type PickedRight, RightPicker } from '../../ui/right-picker.tsx'
import { Sensitivity } from '../../ui/sensitivity.tsx'
import { Status } from '../../ui/status.tsx'

export type GroupCase = ResponseOf<typeof getGroupCase>

export const reasonText = (t: Translate, reason: ProposalReason): string =>
  t(`groupDesk.reasons.${reason.code}`, reason.values as never)
export const rightName = (right: Pick<PickedRight, 'name' | 'system'>): string => `${right.system.name}: ${right.name}`

/** One group: who is in it, what it may give and why, and what can be said about it. */
export function GroupCaseDetail(props: {
  group: GroupCase
  busy: boolean
  picked: PickedRight | null
  onPick: (right: PickedRight | null) => void
  onAccept: () => void
  onPreview: () => void
  onAside: () => void
  onReopen: () => void
  onNewRight: () => void
}) {
  const { t, instant } = useTexts()
  const { group, picked } = props
  const [other, setOther] = useState(false)
  const foreign = picked && !group.candidates.some(one => one.entitlement.id === picked.id)
  return (
    <>
      <div className={classes.detailHead}>
        <h2>{group.name}</h2>
        <span className="meta">{group.source}</span>
      </div>
      <Facts
        facts={[
          ...(group.description ? [{ label: t('groupDesk.description'), value: group.description }] : []),
          ...(group.dn
            ? [{ label: t('groupDesk.dn'), value: <span style={{ overflowWrap: 'anywhere' }}>{group.dn}</span> }]
            : []),
          { label: t('groupDesk.members'), value: <Members group={group} /> },
          ...(group.units.length > 0
            ? [
                {
                  label: t('groupDesk.units'),
                  value: (
                    <Few
                      items={group.units.map(one =>
                        t('groupDesk.unitCount', { unit: one.unit.name, count: one.people }),
                      )}
                    />
                  ),
                },
              ]
            : []),
          ...(group.inside.length > 0
            ? [
                {
                  label: t('groupDesk.inside'),
                  value: (
                    <Few
                      items={group.inside.map(one =>
                        one.mapped ? `${one.name} (${t('groupDesk.mapped')})` : one.name,
                      )}
                    />
                  ),
                },
              ]
            : []),
          ...(group.contains.length > 0
            ? [{ label: t('groupDesk.contains'), value: <Few items={group.contains.map(one => one.name)} /> }]
            : []),
          ...(group.gives.length > 0
            ? [{ label: t('groupDesk.gives'), value: <Few items={group.gives.map(rightName)} /> }]
            : []),
        ]}
      />
      {group.aside && (
        <section>
          <h3>{t('groupDesk.asideTitle')}</h3>
          <p>
            {t('groupDesk.asideBy', { who: group.aside.by, when: instant(group.aside.at), reason: group.aside.reason })}
          </p>
          {group.allowed.aside && (
            <Button variant="default" loading={props.busy} onClick={props.onReopen}>
              {t('groupDesk.reopen')}
            </Button>
          )}
        </section>
      )}
      {!group.aside && group.notRight && (
        <section>
          <h3>{t('groupDesk.notRightTitle')}</h3>
          <Reasons reasons={group.notRightReasons} />
        </section>
      )}
      {!group.aside && (
        <section>
          <h3>{t('groupDesk.candidates')}</h3>
          {group.candidates.length === 0 ? (
            <p className="dim">{t('groupDesk.noCandidates')}</p>
          ) : (
            <Radio.Group
              aria-label={t('groupDesk.candidates')}
              value={picked?.id ?? ''}
              onChange={id => {
                const one = group.candidates.find(candidate => candidate.entitlement.id === id)
                props.onPick(one?.entitlement ?? null)
              }}
            >
              {group.candidates.map(one => (
                <div key={one.entitlement.id} style={{ padding: '8px 0' }}>
                  <Radio
                    value={one.entitlement.id}
                    disabled={!one.allowed}
                    label={
                      <>
                        {rightName(one.entitlement)}{' '}
                        <span className="meta">
                          {t('groupDesk.confidence', { percent: one.confidence })}, {t(`groupDesk.level.${one.level}`)}
                        </span>{' '}
                        <Sensitivity sensitivity={one.entitlement.sensitivity} />
                        {one.entitlement.privileged && (
                          <Status tone="wait" icon={IconShieldBolt}>
                            {t('groupDesk.privileged')}
                          </Status>
                        )}
                      </>
                    }
                  />
                  <div style={{ paddingLeft: 32 }}>
                    <Reasons reasons={one.reasons} />
                  </div>
                </div>
              ))}
            </Radio.Group>
          )}
        </section>
      )}
      {!group.aside &&
        (group.allowed.change ? (
          <>
            {foreign && (
              <p>
                {t('mapping.right')}: <b>{rightName(picked)}</b>
              </p>
            )}
            {other && (
              <RightPicker
                id="other-right"
                label={t('groupDesk.other')}
                hint={t('groupDesk.otherHint')}
                own={!group.allowed.aside}
                onPick={props.onPick}
              />
            )}
            <div className={classes.actions}>
              <Button loading={props.busy} disabled={!picked} onClick={props.onAccept}>
                {picked ? t('groupDesk.accept', { right: rightName(picked) }) : t('groupDesk.acceptAny')}
              </Button>
              <Button variant="default" disabled={!picked} onClick={props.onPreview}>
                {t('groupDesk.see')}
              </Button>
              <Button variant="default" data-other aria-expanded={other} onClick={() => setOther(!other)}>
                {t('groupDesk.other')}
              </Button>
              <Button variant="default" onClick={props.onNewRight}>
                {t('groupDesk.newRight')}
              </Button>
              {group.allowed.aside && (
                <Button variant="default" onClick={props.onAside}>
                  {t('groupDesk.notRight')}
                </Button>
              )}
            </div>
          </>
        ) : (
          <p className="dim">{t('groupDesk.notYours')}</p>
        ))}
    </>
  )
}

const FEW = 4

/** A line each; beyond a few, the others are a press away. Names of groups are long words and break where they must. */
function Few(props: { items: readonly string[] }) {
  const { t } = useTexts()
  const { items } = props
  const lines = (some: readonly string[]) => some.map(item => <div key={item}>{item}</div>)
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {lines(items.slice(0, items.length > FEW + 1 ? FEW : FEW + 1))}
      {items.length > FEW + 1 && (
        <details>
          <summary>{t('groupDesk.moreMembers', { count: items.length - FEW })}</summary>
          {lines(items.slice(FEW))}
        </details>
      )}
    </div>
  )
}

function Members(props: { group: GroupCase }) {
  const { t } = useTexts()
  const { group } = props
  if (group.accounts === 0) return t('groupDesk.noMembers')
  const hidden = group.people - group.members.length
  return (
    <>
      {t('groupDesk.people', { count: group.people })}, {t('groupDesk.accounts', { count: group.accounts })}
      {group.members.length > 0 && (
        <details>
          <summary>{t('do.showAll')}</summary>
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {group.members.map(member => (
              <li key={member.person.id}>
                <PersonLink person={member.person} />{' '}
                <span className="meta">{[member.title, member.unit?.name].filter(Boolean).join(', ')}</span>
              </li>
            ))}
          </ul>
          {hidden > 0 && <p className="meta">{t('groupDesk.moreMembers', { count: hidden })}</p>}
        </details>
      )}
    </>
  )
}

function Reasons(props: { reasons: readonly ProposalReason[] }) {
  const { t } = useTexts()
  return (
    <ul className="meta" style={{ margin: 0, paddingLeft: 18 }}>
      {props.reasons.map(reason => (
        <li key={reason.code}>{reasonText(t, reason)}</li>
      ))}
    </ul>
  )
}
