import { Button, Textarea, TextInput } from '@mantine/core'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../register.module.css'
import { newPurpose, type Purpose } from './draft.ts'
import { TermChoice, TermList } from './term-list.tsx'

/** Purposes, each with its own basis and the provisions that it rests on. */
export function PurposesFields(props: { purposes: Purpose[]; onChange: (purposes: Purpose[]) => void }) {
  const { t } = useTexts()
  const { purposes, onChange } = props
  const put = (at: number, next: Partial<Purpose>) =>
    onChange(purposes.map((one, place) => (place === at ? { ...one, ...next } : one)))
  return (
    <div className={classes.main}>
      {purposes.map((one, at) => (
        <fieldset key={one.key} className={classes.set}>
          <legend>{t('activityForm.purpose', { number: at + 1 })}</legend>
          <div className={classes.fields}>
            <TextInput
              id={`purpose-${at}`}
              className={classes.long as string}
              label={t('activityForm.purposeName')}
              value={one.name}
              maxLength={200}
              onChange={event => put(at, { name: event.currentTarget.value })}
            />
            <TermChoice
              kind="basis6"
              long
              label={t('activityForm.art6')}
              value={one.art6}
              onChange={art6 => put(at, { art6 })}
            />
            <Textarea
              className={classes.wide as string}
              label={t('activityForm.description')}
              value={one.description ?? ''}
              maxLength={2000}
              rows={2}
              onChange={event => put(at, { description: event.currentTarget.value })}
            />
            <TermChoice
              kind="purpose-kind"
              label={t('activityForm.purposeKind')}
              hint={t('activityForm.purposeKindHint')}
              none={t('activityForm.purposeKindNone')}
              grouped
              value={one.broader}
              onChange={broader => put(at, { broader })}
            />
            <TermList
              kind="basis9"
              label={t('activityForm.art9')}
              value={one.art9}
              onChange={art9 => put(at, { art9 })}
            />
            <TermList
              kind="national"
              label={t('activityForm.national')}
              value={one.national}
              onChange={national => put(at, { national })}
            />
          </div>
          <Provisions at={at} value={one.provisions} onChange={provisions => put(at, { provisions })} />
          <Button
            size="xs"
            variant="default"
            aria-label={`${t('activityForm.remove')}: ${t('activityForm.purpose', { number: at + 1 })}`}
            onClick={() => onChange(purposes.filter((_, place) => place !== at))}
          >
            {t('activityForm.remove')}
          </Button>
        </fieldset>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => onChange([...purposes, newPurpose(purposes)])}>
          {t('activityForm.addPurpose')}
        </Button>
      </div>
    </div>
  )
}

type Provision = Purpose['provisions'][number]

function Provisions(props: { at: number; value: Provision[]; onChange: (value: Provision[]) => void }) {
  const { t } = useTexts()
  const { value, onChange } = props
  const put = (at: number, next: Partial<Provision>) =>
    onChange(value.map((one, place) => (place === at ? { ...one, ...next } : one)))
  return (
    <fieldset className={classes.set} id={`purpose-${props.at}-provisions`}>
      <legend>{t('activityForm.provisions')}</legend>
      {value.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a provision has no other name
        <div key={at} className={classes.fields}>
          <TextInput
            label={t('activityForm.law')}
            value={one.law}
            maxLength={300}
            onChange={event => put(at, { law: event.currentTarget.value })}
          />
          <TextInput
            label={t('activityForm.section')}
            value={one.section ?? ''}
            maxLength={120}
            onChange={event => put(at, { section: event.currentTarget.value })}
          />
          <TextInput
            label={t('activityForm.link')}
            type="url"
            value={one.link ?? ''}
            maxLength={500}
            onChange={event => put(at, { link: event.currentTarget.value })}
          />
          <TextInput
            label={t('activityForm.checkedOn')}
            type="date"
            value={one.checkedOn ?? ''}
            onChange={event => put(at, { checkedOn: event.currentTarget.value })}
          />
          <div>
            <Button
              size="xs"
              variant="default"
              aria-label={`${t('activityForm.remove')}: ${one.law || at + 1}`}
              onClick={() => onChange(value.filter((_, place) => place !== at))}
            >
              {t('activityForm.remove')}
            </Button>
          </div>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        onClick={() => onChange([...value, { law: '', section: null, link: null, checkedOn: null }])}
      >
        {t('activityForm.addProvision')}
      </Button>
    </fieldset>
  )
}
