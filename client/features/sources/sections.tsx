import { Button, Group, NativeSelect } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { at, listAt, textAt } from './declaration.ts'
import { CheckField, ChoiceField, LinesField, NumberField, type SourceForm, TextField } from './fields.tsx'
import classes from './sources.module.css'

/** Key, name, kind: what a source is called. */
export function BasicSection(props: { form: SourceForm; onKind: (kind: string) => void }) {
  const { t } = useTexts()
  const { form } = props
  return (
    <div className={classes.fields}>
      <TextField form={form} path={['name', 'da']} label={t('sources.nameDa')} maxLength={100} />
      <TextField form={form} path={['name', 'en']} label={t('sources.nameEn')} maxLength={100} />
      <TextField
        form={form}
        path={['key']}
        label={t('sources.key')}
        hint={form.isNew ? t('sources.keyHint') : undefined}
        readOnly={!form.isNew}
        maxLength={50}
      />
      {form.isNew && (
        <NativeSelect
          label={t('sources.kind')}
          value={textAt(form.value, ['kind'])}
          onChange={event => props.onKind(event.currentTarget.value)}
          data={form.options.kinds.map(value => ({ value, label: t(`sync.kind.${value}`) }))}
        />
      )}
    </div>
  )
}

/** Where a directory is and how one signs in to it. */
export function ConnectionSection(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const { secretNames, secretFiles } = form.options
  const secret = at(form.value, ['password'])
  const inFile = typeof secret === 'object' && secret !== null && 'file' in secret
  const names = inFile ? (secretFiles ?? []) : secretNames
  return (
    <div className={classes.fields}>
      <ChoiceField
        form={form}
        path={['flavour']}
        label={t('sources.flavour')}
        data={(['ad', 'openldap'] as const).map(value => ({ value, label: t(`sources.flavours.${value}`) }))}
      />
      <div className={classes.wide}>
        <LinesField form={form} path={['urls']} label={t('sources.servers')} hint={t('sources.serversHint')} />
      </div>
      <div className={`${classes.wide} ${classes.checks}`}>
        <CheckField form={form} path={['startTls']} label={t('sources.startTls')} />
        <CheckField form={form} path={['allowPlain']} label={t('sources.allowPlain')} />
      </div>
      {secretFiles && secretFiles.length > 0 ? (
        <ChoiceField
          form={form}
          path={['caFile']}
          label={t('sources.caFile')}
          hint={t('sources.caFileHint')}
          none={t('list.none')}
          data={secretFiles.map(value => ({ value, label: value }))}
        />
      ) : (
        <TextField form={form} path={['caFile']} label={t('sources.caFile')} hint={t('sources.caFileHint')} />
      )}
      <TextField form={form} path={['bindDn']} label={t('sources.bindDn')} hint={t('sources.bindDnHint')} />
      <NativeSelect
        label={t('sources.secretKind')}
        description={t('sources.secretHint')}
        value={inFile ? 'file' : 'env'}
        onChange={event => form.set(['password'], event.currentTarget.value === 'file' ? { file: '' } : { env: '' })}
        data={[
          { value: 'env', label: t('sources.secretEnv') },
          { value: 'file', label: t('sources.secretFile') },
        ]}
      />
      {names.length > 0 ? (
        <ChoiceField
          form={form}
          path={['password', inFile ? 'file' : 'env']}
          label={t('sources.secretName')}
          none={t('sources.secretNone')}
          data={names.map(value => ({ value, label: value }))}
        />
      ) : (
        <TextField form={form} path={['password', inFile ? 'file' : 'env']} label={t('sources.secretName')} />
      )}
      <NumberField form={form} path={['pageSize']} label={t('sources.pageSize')} hint={t('sources.usualHint')} />
      <NumberField form={form} path={['timeoutSeconds']} label={t('sources.timeout')} hint={t('sources.usualHint')} />
    </div>
  )
}

/** Which parts of a directory are read: one place, or several with a filter each. */
export function BasesSection(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const searches = listAt(form.value, ['searches'])
  const several = searches.length > 0
  const split = () => {
    form.set(['searches'], [{ base: textAt(form.value, ['base']) }, { base: '' }])
    form.set(['base'], undefined)
  }
  const remove = (index: number) => {
    const left = searches.filter((_, place) => place !== index) as { base?: string }[]
    const [only] = left
    // One place without anything of its own is written the short way.
    if (left.length === 1 && only && Object.keys(only).join() === 'base') {
      form.set(['searches'], undefined)
      form.set(['base'], only.base ?? '')
    } else form.set(['searches'], left.length > 0 ? left : undefined)
  }
  return (
    <div className="stack">
      {several ? (
        searches.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place has no name but its number
          <fieldset key={index} className={classes.set}>
            <legend>{t('sources.search', { n: index + 1 })}</legend>
            <div className={classes.fields}>
              <TextField form={form} path={['searches', index, 'base']} label={t('sources.base')} />
              <TextField
                form={form}
                path={['searches', index, 'filter']}
                label={t('sources.filter')}
                hint={t('sources.filterHint')}
              />
            </div>
            <Button variant="default" size="xs" onClick={() => remove(index)}>
              {t('sources.removeSearch', { n: index + 1 })}
            </Button>
          </fieldset>
        ))
      ) : (
        <TextField form={form} path={['base']} label={t('sources.base')} hint={t('sources.baseHint')} />
      )}
      <Group>
        <Button
          variant="default"
          size="xs"
          onClick={() => (several ? form.set(['searches', searches.length], { base: '' }) : split())}
        >
          {t('sources.addSearch')}
        </Button>
      </Group>
      <div className={classes.fields}>
        <div className={classes.wide}>
          <CheckField form={form} path={['people']} label={t('sources.people')} />
          <CheckField form={form} path={['details']} label={t('sources.details')} />
        </div>
        <TextField
          form={form}
          path={['employeeNo']}
          label={t('sources.employeeNo')}
          hint={t('sources.employeeNoHint')}
        />
        <ChoiceField
          form={form}
          path={['changes']}
          label={t('sources.changesMode')}
          none={t('sources.changesModes.auto')}
          data={(['usn', 'off'] as const).map(value => ({ value, label: t(`sources.changesModes.${value}`) }))}
        />
      </div>
    </div>
  )
}

/** How often, and how often whole. */
export function ScheduleSection(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const every = useEvery()
  const data = form.options.schedules.map(value => ({ value, label: every(value) }))
  return (
    <div className={classes.fields}>
      <ChoiceField
        form={form}
        path={['schedule']}
        label={t('sources.schedule')}
        none={t('sources.scheduleManual')}
        data={data}
      />
      {textAt(form.value, ['kind']) === 'ldap' && (
        <ChoiceField
          form={form}
          path={['fullEvery']}
          label={t('sources.fullEvery')}
          hint={t('sources.fullEveryHint')}
          none={every('1d')}
          data={data.filter(one => one.value !== '1d')}
        />
      )}
    </div>
  )
}

/** `15m` as "Hvert 15. minut". */
export function useEvery(): (schedule: string) => string {
  const { t } = useTexts()
  return schedule => {
    const found = /^(\d{1,3})([smhd])$/.exec(schedule)
    if (!found) return schedule
    return t(`sources.every.${found[2] as 's' | 'm' | 'h' | 'd'}`, { count: Number(found[1]) })
  }
}
