import { Button, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { ActivityContent, ControllerContent, ProcessorContent } from '#contract/activity-content.ts'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../register.module.css'
import { TermChoice } from './term-list.tsx'

/** Entries that are written one below the other, each with a button to take it away. */
function Entries<One>(props: {
  list: One[]
  title: (number: number) => string
  id: (at: number) => string
  add: string
  fresh: () => One
  onChange: (list: One[]) => void
  children: (one: One, put: (next: Partial<One>) => void) => ReactNode
}) {
  const { t } = useTexts()
  const { list, onChange } = props
  return (
    <div className={classes.main}>
      {list.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry has no other name until it is saved
        <fieldset key={at} id={props.id(at)} className={classes.set}>
          <legend>{props.title(at + 1)}</legend>
          <div className={classes.fields}>
            {props.children(one, next =>
              onChange(list.map((each, place) => (place === at ? { ...each, ...next } : each))),
            )}
          </div>
          <Button
            size="xs"
            variant="default"
            aria-label={`${t('activityForm.remove')}: ${props.title(at + 1)}`}
            onClick={() => onChange(list.filter((_, place) => place !== at))}
          >
            {t('activityForm.remove')}
          </Button>
        </fieldset>
      ))}
      <div>
        <Button size="xs" variant="default" onClick={() => onChange([...list, props.fresh()])}>
          {props.add}
        </Button>
      </div>
    </div>
  )
}

type Transfer = ActivityContent['transfers'][number]
export function TransfersFields(props: { list: Transfer[]; onChange: (list: Transfer[]) => void }) {
  const { t } = useTexts()
  return (
    <Entries
      {...props}
      title={number => t('activityForm.transfer', { number })}
      id={at => `transfer-${at}`}
      add={t('activityForm.addTransfer')}
      fresh={() => ({ recipient: '', country: '', ground: null, document: null, from: null, to: null })}
    >
      {(one, put) => (
        <>
          <TextInput
            label={t('activityForm.recipient')}
            value={one.recipient}
            maxLength={300}
            onChange={event => put({ recipient: event.currentTarget.value })}
          />
          <TextInput
            label={t('activityForm.country')}
            value={one.country}
            maxLength={100}
            onChange={event => put({ country: event.currentTarget.value })}
          />
          <TermChoice
            kind="transfer-ground"
            label={t('activityForm.ground')}
            value={one.ground}
            onChange={ground => put({ ground })}
          />
          <TextInput
            label={t('activityForm.document')}
            value={one.document ?? ''}
            maxLength={500}
            onChange={event => put({ document: event.currentTarget.value })}
          />
        </>
      )}
    </Entries>
  )
}

type Joint = ControllerContent['jointControllers'][number]
export function JointFields(props: { list: Joint[]; onChange: (list: Joint[]) => void }) {
  const { t } = useTexts()
  return (
    <Entries
      {...props}
      title={number => `${t('activity.joint')} ${number}`}
      id={at => `joint-${at}`}
      add={t('activityForm.jointAdd')}
      fresh={() => ({ name: '', contact: null, arrangement: null })}
    >
      {(one, put) => (
        <>
          <TextInput
            label={t('registerSettings.name')}
            value={one.name}
            maxLength={300}
            onChange={event => put({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t('registerSettings.contact')}
            value={one.contact ?? ''}
            maxLength={500}
            onChange={event => put({ contact: event.currentTarget.value })}
          />
          <TextInput
            label={t('activityForm.arrangement')}
            value={one.arrangement ?? ''}
            maxLength={500}
            onChange={event => put({ arrangement: event.currentTarget.value })}
          />
        </>
      )}
    </Entries>
  )
}

type Processing = ProcessorContent['processing'][number]
/** For whom a processor works, and what it does for them: Art. 30(2)(a) and (b). */
export function ProcessingFields(props: { list: Processing[]; onChange: (list: Processing[]) => void }) {
  const { t } = useTexts()
  return (
    <Entries
      {...props}
      title={number => `${t('activity.controller')} ${number}`}
      id={at => `processing-${at}`}
      add={t('activityForm.addProcessing')}
      fresh={() => ({
        ...{ controller: { name: '', contact: null }, representative: null, dpo: null, categories: [] },
      })}
    >
      {(one, put) => (
        <>
          <PartyFields
            who={t('activity.controller')}
            value={one.controller}
            onChange={controller => put({ controller: controller ?? { name: '', contact: null } })}
          />
          <PartyFields who={t('activity.dpo')} value={one.dpo} onChange={dpo => put({ dpo })} />
          <PartyFields
            who={t('activity.representative')}
            value={one.representative}
            onChange={representative => put({ representative })}
          />
          <Textarea
            className={classes.wide as string}
            label={t('activityForm.categories')}
            rows={3}
            value={one.categories.join('\n')}
            onChange={event => put({ categories: event.currentTarget.value.split('\n') })}
          />
        </>
      )}
    </Entries>
  )
}

type Party = { name: string; contact: string | null }
export function PartyFields(props: { who: string; value: Party | null; onChange: (party: Party | null) => void }) {
  const { t } = useTexts()
  const { who, value, onChange } = props
  const put = (next: Partial<Party>) => {
    const party = { name: value?.name ?? '', contact: value?.contact ?? null, ...next }
    onChange(party.name === '' && !party.contact ? null : party)
  }
  return (
    <>
      <TextInput
        label={t('activityForm.partyName', { who })}
        value={value?.name ?? ''}
        maxLength={300}
        autoComplete="off"
        onChange={event => put({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('activityForm.partyContact', { who })}
        value={value?.contact ?? ''}
        maxLength={500}
        autoComplete="off"
        onChange={event => put({ contact: event.currentTarget.value })}
      />
    </>
  )
}
