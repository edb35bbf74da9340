import { Button, Textarea, TextInput } from '@mantine/core'
import { IconDatabase } from '@tabler/icons-react'
import { searchAll } from '#contract/home.ts'
import { useCall } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { Finder, useFinding } from '../../../ui/finder.tsx'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import classes from '../register.module.css'
import type { Draft } from './draft.ts'

type Props = { draft: Draft; onChange: (draft: Draft) => void }

/** Name, area, what it is about, who answers for it and which units do it. */
export function BasicsFields(props: Props & { self: boolean }) {
  const { t } = useTexts()
  const { draft, onChange } = props
  const { content } = draft
  const put = (next: Partial<Draft['content']>) =>
    onChange({ ...draft, content: { ...content, ...next } as Draft['content'] })
  const owner = draft.pickedOwner?.name ?? draft.ownerName
  return (
    <div className={classes.fields}>
      <TextInput
        id="activity-name"
        label={t('activityForm.name')}
        value={content.name}
        maxLength={200}
        onChange={event => put({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('activityForm.nameEn')}
        value={content.nameEn ?? ''}
        maxLength={200}
        onChange={event => put({ nameEn: event.currentTarget.value })}
      />
      <TextInput
        id="activity-area"
        label={t('activityForm.area')}
        value={content.area}
        maxLength={100}
        onChange={event => put({ area: event.currentTarget.value })}
      />
      <TextInput
        label={t('activityForm.reviewMonths')}
        inputMode="numeric"
        value={String(content.reviewMonths)}
        onChange={event => {
          const months = Number(event.currentTarget.value.replace(/\D/g, ''))
          put({ reviewMonths: Math.min(Math.max(months, 1), 60) })
        }}
      />
      <Textarea
        className={classes.wide as string}
        label={t('activityForm.description')}
        value={content.description ?? ''}
        maxLength={4000}
        rows={4}
        onChange={event => put({ description: event.currentTarget.value })}
      />
      <fieldset className={classes.set}>
        <legend>{t('activityForm.owner')}</legend>
        {owner !== null && (
          <div className={classes.actions}>
            <span>{owner}</span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`${t('activityForm.remove')}: ${owner}`}
              onClick={() =>
                onChange({ ...draft, pickedOwner: null, ownerName: null, content: { ...content, owner: null } })
              }
            >
              {t('activityForm.remove')}
            </Button>
          </div>
        )}
        {owner === null && props.self && <p className="meta">{t('activityForm.ownerSelf')}</p>}
        <WhoPicker
          label={t('activityForm.ownerHint')}
          onPick={who => onChange({ ...draft, pickedOwner: { id: who.id, name: who.name } })}
        />
      </fieldset>
      <fieldset className={classes.set}>
        <legend>{t('activityForm.units')}</legend>
        <Picked
          list={draft.units}
          onRemove={id => onChange({ ...draft, units: draft.units.filter(one => one.id !== id) })}
        />
        <WhoPicker
          label={t('activityForm.unitsAdd')}
          units
          noPeople
          onPick={({ id, name }) => {
            if (!draft.units.some(one => one.id === id)) onChange({ ...draft, units: [...draft.units, { id, name }] })
          }}
        />
      </fieldset>
      <Textarea
        id="activity-kle"
        label={t('activityForm.kle')}
        description={t('activityForm.kleHint')}
        value={draft.kle}
        rows={4}
        onChange={event => onChange({ ...draft, kle: event.currentTarget.value })}
      />
    </div>
  )
}

function Picked(props: { list: { id: string; name: string }[]; onRemove: (id: string) => void }) {
  const { t } = useTexts()
  if (props.list.length === 0) return null
  return (
    <ul className={classes.list}>
      {props.list.map(one => (
        <li key={one.id} className={classes.actions}>
          <span>{one.name}</span>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('activityForm.remove')}: ${one.name}`}
            onClick={() => props.onRemove(one.id)}
          >
            {t('activityForm.remove')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

/** The systems that it is done in, and what each is used for. */
export function SystemsFields({ draft, onChange }: Props) {
  const { t } = useTexts()
  const finding = useFinding()
  const query = useCall(searchAll, { body: { text: finding.asked } }, { enabled: finding.on, keep: true })
  const hits = finding.on
    ? query.data?.systems
        .filter(one => draft.systems.every(each => each.id !== one.id))
        .map(one => ({ key: one.id, name: one.name, sign: <IconDatabase size={16} aria-hidden />, body: one.name }))
    : undefined
  return (
    <div className={classes.main}>
      {draft.systems.map((one, at) => (
        <div key={one.id} className={classes.actions}>
          <strong>{one.name}</strong>
          <TextInput
            aria-label={`${t('activityForm.use')}: ${one.name}`}
            placeholder={t('activityForm.use')}
            value={one.use}
            maxLength={500}
            style={{ flex: '1 1 240px' }}
            onChange={event => {
              const use = event.currentTarget.value
              onChange({
                ...draft,
                systems: draft.systems.map((each, place) => (place === at ? { ...each, use } : each)),
              })
            }}
          />
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t('activityForm.remove')}: ${one.name}`}
            onClick={() => onChange({ ...draft, systems: draft.systems.filter(each => each.id !== one.id) })}
          >
            {t('activityForm.remove')}
          </Button>
        </div>
      ))}
      <Finder
        finding={finding}
        label={t('activityForm.systemsAdd')}
        hits={hits}
        none={t('desk.nobodyFound')}
        onPick={hit => onChange({ ...draft, systems: [...draft.systems, { id: hit.key, name: hit.name, use: '' }] })}
      />
    </div>
  )
}
