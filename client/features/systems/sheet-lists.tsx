import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { searchAll } from '#contract/home.ts'
import { flowFrequency, flowHow, type SheetField, systemContract } from '#contract/sheet.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import hits from '../../ui/hits.module.css'
import classes from './systems.module.css'

/** What an input of the sheet is given, whatever its kind. */
export type SheetInputProps = {
  field: SheetField
  value: unknown
  errors: ReadonlyMap<string, string>
  onChange: (value: unknown) => void
  /** Of systems that flows name, by key. */
  names?: ReadonlyMap<string, string>
}

type Entry = Record<string, unknown>

export function ContractsInput(props: SheetInputProps) {
  const { t } = useTexts()
  const list = (props.value ?? []) as Entry[]
  const put = (at: number, name: string, value: unknown) =>
    props.onChange(list.map((one, place) => (place === at ? { ...one, [name]: value } : one)))
  const text = (
    at: number,
    name: 'name' | 'number' | 'from' | 'to' | 'agreementOn' | 'agreementLink' | 'noticeMonths' | 'pricePerYear',
  ) => (
    <TextInput
      id={`/contracts/${at}/${name}`}
      label={t(`catalogue.contract.${name}`)}
      error={props.errors.get(`/contracts/${at}/${name}`)}
      type={['from', 'to', 'agreementOn'].includes(name) ? 'date' : 'text'}
      value={String(list[at]?.[name] ?? '')}
      maxLength={500}
      autoComplete="off"
      onChange={event => put(at, name, event.currentTarget.value)}
    />
  )
  const choice = (at: number, name: 'renewal' | 'agreement', values: readonly string[]) => (
    <NativeSelect
      label={t(`catalogue.contract.${name}`)}
      value={String(list[at]?.[name] ?? '')}
      data={[
        { value: '', label: t('catalogue.none') },
        ...values.map(value => ({
          value,
          label: t(
            name === 'renewal'
              ? `catalogue.contract.renewalName.${value as 'none'}`
              : `catalogue.contract.agreementName.${value as 'yes'}`,
          ),
        })),
      ]}
      onChange={event => put(at, name, event.currentTarget.value)}
    />
  )
  return (
    <div className={`${classes.stack} ${classes.wide}`} id="/contracts">
      {list.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a contract has no other name until it is saved
        <fieldset key={at} className={classes.set}>
          <legend>{t('catalogue.contract.one', { number: at + 1 })}</legend>
          <div className={classes.fields}>
            {text(at, 'name')}
            {text(at, 'number')}
            {text(at, 'from')}
            {text(at, 'to')}
            {text(at, 'noticeMonths')}
            {choice(at, 'renewal', systemContract.shape.renewal.unwrap().unwrap().options)}
            {text(at, 'pricePerYear')}
            {choice(at, 'agreement', systemContract.shape.agreement.unwrap().unwrap().options)}
            {text(at, 'agreementOn')}
            {text(at, 'agreementLink')}
          </div>
          <Button
            variant="default"
            size="xs"
            className="wraps"
            onClick={() => props.onChange(list.filter((_, place) => place !== at))}
          >
            {t('catalogue.contract.remove', { name: String(one.name || at + 1) })}
          </Button>
        </fieldset>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => props.onChange([...list, { name: '' }])}>
          {t('catalogue.contract.add')}
        </Button>
      </div>
    </div>
  )
}

export function FlowsInput(props: SheetInputProps) {
  const { t } = useTexts()
  const list = (props.value ?? []) as Entry[]
  const put = (at: number, next: Entry) =>
    props.onChange(list.map((one, place) => (place === at ? { ...one, ...next } : one)))
  return (
    <div className={`${classes.stack} ${classes.wide}`} id="/flows">
      {list.map((one, at) => {
        const name = String(one.name ?? props.names?.get(String(one.system)) ?? one.system ?? '')
        const where = `/flows/${at}/system`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a flow has no other name until it is saved
          <fieldset key={at} className={classes.set}>
            <legend>{t('catalogue.flow.one', { number: at + 1 })}</legend>
            {name && <span>{t('catalogue.picked', { name })}</span>}
            <SystemPicker
              id={where}
              label={t('catalogue.flow.pick')}
              error={props.errors.get(where)}
              onPick={system => put(at, { system: system.key, name: system.name })}
            />
            <div className={classes.fields}>
              <NativeSelect
                label={t('catalogue.flow.direction')}
                value={String(one.direction)}
                data={(['out', 'in'] as const).map(value => ({
                  value,
                  label: t(`catalogue.flow.directionName.${value}`),
                }))}
                onChange={event => put(at, { direction: event.currentTarget.value })}
              />
              <NativeSelect
                label={t('catalogue.flow.how')}
                value={String(one.how)}
                data={flowHow.options.map(value => ({ value, label: t(`catalogue.flow.howName.${value}`) }))}
                onChange={event => put(at, { how: event.currentTarget.value })}
              />
              <NativeSelect
                label={t('catalogue.flow.frequency')}
                value={String(one.frequency ?? '')}
                data={[
                  { value: '', label: t('catalogue.none') },
                  ...flowFrequency.options.map(value => ({ value, label: t(`catalogue.flow.frequencyName.${value}`) })),
                ]}
                onChange={event => put(at, { frequency: event.currentTarget.value })}
              />
              <TextInput
                label={t('catalogue.flow.owner')}
                value={String(one.owner ?? '')}
                maxLength={200}
                autoComplete="off"
                onChange={event => put(at, { owner: event.currentTarget.value })}
              />
              <Textarea
                label={t('catalogue.flow.data')}
                description={t('catalogue.perLine')}
                rows={3}
                value={Array.isArray(one.data) ? one.data.join('\n') : String(one.data ?? '')}
                onChange={event => put(at, { data: event.currentTarget.value })}
              />
            </div>
            <Button
              className="wraps"
              variant="default"
              size="xs"
              onClick={() => props.onChange(list.filter((_, place) => place !== at))}
            >
              {t('catalogue.flow.remove', { name: name || String(at + 1) })}
            </Button>
          </fieldset>
        )
      })}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => props.onChange([...list, { system: '', direction: 'out', how: 'api', data: '' }])}
        >
          {t('catalogue.flow.add')}
        </Button>
      </div>
    </div>
  )
}

/** A field and the systems it finds; each is a button. */
function SystemPicker(props: {
  id?: string
  label: string
  error?: string | undefined
  onPick: (system: { id: string; key: string; name: string }) => void
}) {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 180)
    return () => clearTimeout(timer)
  }, [text])
  const query = useCall(searchAll, { body: { text: asked } }, { enabled: asked.length > 1, keep: true })
  const found = asked.length > 1 ? (query.data?.systems ?? []) : []
  return (
    <div className={hits.picker}>
      <TextInput
        {...(props.id ? { id: props.id } : {})}
        type="search"
        label={props.label}
        error={props.error}
        value={text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={16} aria-hidden />}
        onChange={event => setText(event.currentTarget.value)}
      />
      {asked.length > 1 && query.data && found.length === 0 && (
        <p role="status" className="meta">
          {t('list.emptyFiltered')}
        </p>
      )}
      {found.length > 0 && (
        <ul className={hits.hits}>
          {found.map(system => (
            <li key={system.id}>
              <button
                type="button"
                className={hits.hit}
                style={{ border: 0, background: 'none', textAlign: 'left', color: 'inherit', cursor: 'pointer' }}
                onClick={() => {
                  setText('')
                  setAsked('')
                  props.onPick(system)
                }}
              >
                {system.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
