import { Button, TextInput } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { Conditions } from './conditions.tsx'
import { at, listAt, type Path, pointer, textAt } from './declaration.ts'
import { watches } from './drops-section.tsx'
import { ChoiceField, type SourceForm, TextField } from './fields.tsx'
import { MappingTable } from './mapping-table.tsx'
import { PathField } from './path-field.tsx'
import classes from './sources.module.css'

const newRecord = { record: 'account', match: { objectClass: 'user' }, key: '', map: {} }

/** CSV: each file is one kind of record. */
export function FilesSection(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const kinds = useKinds(form)
  const files = listAt(form.value, ['files'])
  return (
    <div className="stack">
      <div className={classes.fields}>
        <ChoiceField
          form={form}
          path={['delimiter']}
          label={t('sources.delimiter')}
          none={t('sources.found')}
          data={[
            { value: ';', label: ';' },
            { value: ',', label: ',' },
            { value: '\t', label: t('sources.tab') },
            { value: '|', label: '|' },
          ]}
        />
        <ChoiceField
          form={form}
          path={['encoding']}
          label={t('sources.encoding')}
          none={t('sources.found')}
          data={[
            { value: 'utf-8', label: 'UTF-8' },
            { value: 'windows-1252', label: 'Windows-1252' },
            { value: 'utf-16', label: 'UTF-16' },
          ]}
        />
      </div>
      {files.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a file that is not named yet has no name but its number
        <fieldset key={index} className={classes.set}>
          <legend>{t('sources.fileTitle', { n: index + 1 })}</legend>
          <div className={classes.fields}>
            {watches(form.value) ? (
              <TextField
                form={form}
                path={['files', index, 'pattern']}
                label={t('sources.pattern')}
                hint={t('sources.patternHint')}
                maxLength={200}
              />
            ) : (
              <PathField
                form={form}
                path={['files', index, 'path']}
                label={t('sources.path')}
                hint={t('sources.pathHint')}
              />
            )}
            <ChoiceField form={form} path={['files', index, 'record']} label={t('sources.record')} data={kinds} />
            <KeyField form={form} path={['files', index, 'key']} />
          </div>
          <MappingTable
            form={form}
            path={['files', index, 'map']}
            kind={textAt(form.value, ['files', index, 'record'])}
            word="column"
          />
          {files.length > 1 && (
            <Button variant="default" size="xs" onClick={() => form.set(['files', index], undefined)}>
              {t('sources.removeFile', { n: index + 1 })}
            </Button>
          )}
        </fieldset>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            form.set(['files', files.length], {
              ...(watches(form.value) ? { pattern: '*.csv' } : { path: '' }),
              record: 'person',
              key: '',
              map: {},
            })
          }
        >
          {t('sources.addFile')}
        </Button>
      </div>
    </div>
  )
}

/** Directories and exports of them: which entries become which records. Without any the usual mapping holds. */
export function RecordsSection(props: { form: SourceForm; path: Path; usual?: boolean }) {
  const { t } = useTexts()
  const { form, path } = props
  const kinds = useKinds(form)
  const records = listAt(form.value, path)
  if (props.usual && records.length === 0)
    return (
      <div className="stack">
        <p>{t('sources.defaultMapping')}</p>
        <div>
          <Button variant="default" size="xs" onClick={() => form.set(path, [newRecord])}>
            {t('sources.ownMapping')}
          </Button>
        </div>
      </div>
    )
  return (
    <div className="stack">
      {records.map((_, index) => {
        const own = [...path, index]
        const kind = textAt(form.value, [...own, 'record'])
        const what = kinds.find(one => one.value === kind)?.label ?? kind
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: several translations may give the same kind
          <fieldset key={index} className={classes.set}>
            <legend>{what}</legend>
            <div className={classes.fields}>
              <ChoiceField form={form} path={[...own, 'record']} label={t('sources.recordEntry')} data={kinds} />
              <TextField form={form} path={[...own, 'key']} label={t('sources.keyAttribute')} maxLength={100} />
            </div>
            <Conditions form={form} path={[...own, 'match']} />
            <Conditions form={form} path={[...own, 'unless']} optional />
            <MappingTable form={form} path={[...own, 'map']} kind={kind} word="attribute" />
            <Button variant="default" size="xs" onClick={() => form.set(own, undefined)}>
              {t('sources.removeRecord', { what: what.toLowerCase() })}
            </Button>
          </fieldset>
        )
      })}
      <div className={classes.actions}>
        <Button variant="default" size="xs" onClick={() => form.set([...path, records.length], newRecord)}>
          {t('sources.addRecord')}
        </Button>
        {props.usual && (
          <Button variant="default" size="xs" onClick={() => form.set(path, undefined)}>
            {t('sources.useDefault')}
          </Button>
        )}
      </div>
    </div>
  )
}

export function useKinds(form: SourceForm): { value: string; label: string }[] {
  const { t } = useTexts()
  return form.options.records.map(({ kind }) => ({ value: kind, label: t(`sync.record.${kind}`) }))
}

/** One column, or several joined; written as a text or a list. */
function KeyField(props: { form: SourceForm; path: Path }) {
  const { t } = useTexts()
  const { form, path } = props
  const value = at(form.value, path)
  return (
    <TextInput
      id={pointer(path)}
      label={t('sources.keyColumn')}
      description={t('sources.keyColumnHint')}
      error={form.errors.get(pointer(path))}
      value={Array.isArray(value) ? value.join(', ') : textAt(form.value, path)}
      maxLength={300}
      autoComplete="off"
      spellCheck={false}
      onChange={event => {
        const text = event.currentTarget.value
        form.set(path, text.includes(',') ? text.split(',').map(one => one.trimStart()) : text)
      }}
    />
  )
}
