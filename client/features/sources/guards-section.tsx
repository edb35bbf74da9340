import { Checkbox, TextInput } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { at, pointer } from './declaration.ts'
import { NumberField, type SourceForm } from './fields.tsx'
import classes from './sources.module.css'

const limits = [
  'gone',
  'change',
  'add',
  'part',
  'aspect',
  'cause',
  'group',
  'emptied',
  'truncated',
  'hole',
  'shifted',
  'keys',
  'encoding',
] as const
const switches = ['empty', 'stale', 'format', 'learn'] as const
type Limit = { percent: unknown; floor: unknown }

/** The guards as set: on by default, each with a share and a smallest number. `usual` holds the defaults. */
export function GuardsSection(props: { form: SourceForm; usual: unknown }) {
  const { t, language } = useTexts()
  const { form } = props
  const own = (name: string) => at(form.value, ['guards', name])
  const usual = (name: string) => at(props.usual, ['guards', name])
  const number = (text: string) => {
    const plain = text.trim().replace(',', '.')
    return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : text
  }
  return (
    <div className="stack">
      <p className="dim">{t('sources.guardsHelp')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that may be wider than its box has to be scrolled by keys */}
      <section className={classes.map} aria-label={t('sources.guardsCaption')} tabIndex={0}>
        <table className={classes.guards}>
          <caption>{t('sources.guardsCaption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('sources.tabs.guards')}</th>
              <th scope="col">{t('sources.guardOn')}</th>
              <th scope="col">{t('sources.guardPercent')}</th>
              <th scope="col">{t('sources.guardFloor')}</th>
            </tr>
          </thead>
          <tbody>
            {limits.map(name => {
              const value = own(name) ?? usual(name)
              const on = value !== false
              const limit = (typeof value === 'object' && value ? value : { percent: '', floor: '' }) as Limit
              const label = t(`sources.guard.${name}`)
              return (
                <tr key={name} id={pointer(['guards', name])}>
                  <th scope="row">
                    {label}
                    {form.errors.get(pointer(['guards', name])) && (
                      <div className={classes.wrong}>{form.errors.get(pointer(['guards', name]))}</div>
                    )}
                  </th>
                  <td>
                    <Checkbox
                      checked={on}
                      aria-label={`${t('sources.guardOn')}: ${label}`}
                      onChange={event => form.set(['guards', name], event.currentTarget.checked ? undefined : false)}
                    />
                  </td>
                  {(['percent', 'floor'] as const).map(part => (
                    <td key={part}>
                      {on && (
                        <TextInput
                          className={classes.number ?? ''}
                          inputMode="decimal"
                          aria-label={`${t(part === 'percent' ? 'sources.guardPercent' : 'sources.guardFloor')}: ${label}`}
                          error={form.errors.get(pointer(['guards', name, part]))}
                          value={language === 'da' ? String(limit[part]).replace('.', ',') : String(limit[part])}
                          maxLength={6}
                          onChange={event =>
                            form.set(['guards', name], { ...limit, [part]: number(event.currentTarget.value) })
                          }
                        />
                      )}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
      <div className={classes.checks}>
        {switches.map(name => (
          <Checkbox
            key={name}
            label={t(`sources.guard.${name}`)}
            checked={(own(name) ?? usual(name) ?? true) !== false}
            onChange={event => form.set(['guards', name], event.currentTarget.checked ? undefined : false)}
          />
        ))}
      </div>
      <div className={classes.fields}>
        <NumberField
          form={form}
          path={['guards', 'expireDays']}
          label={t('sources.expireDays')}
          hint={
            typeof usual('expireDays') === 'number'
              ? t('sources.usualIs', { value: String(usual('expireDays')) })
              : undefined
          }
        />
      </div>
    </div>
  )
}
