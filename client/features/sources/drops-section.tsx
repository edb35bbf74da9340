import { Button, NativeSelect } from '@mantine/core'
import { useTexts } from '../../texts/i18n.ts'
import { at, type Declaration, listAt, put } from './declaration.ts'
import { CheckField, ChoiceField, type SourceForm, TextField } from './fields.tsx'
import { PathField } from './path-field.tsx'
import classes from './sources.module.css'

export const watches = (declaration: unknown): boolean => at(declaration, ['drops']) !== undefined

/** Files by name, or a folder that is watched: then each sort of file goes by a pattern of its name. */
export function watching(declaration: Declaration, on: boolean): Declaration {
  const { drops: _drops, files, patterns, ...rest } = declaration
  const ending = rest.kind === 'ldif' ? '*.ldif' : '*.csv'
  if (rest.kind === 'ldif')
    return on
      ? { ...rest, patterns: listOr(patterns, [ending]), drops: { folder: '' } }
      : { ...rest, files: listOr(files, ['']) }
  const sorts = listOr(files, [{ record: 'person', key: '', map: {} }]).map(file => {
    const { path: _path, pattern: _pattern, ...others } = file as Record<string, unknown>
    return on ? { pattern: ending, ...others } : { path: '', ...others }
  })
  return on ? { ...rest, files: sorts, drops: { folder: '' } } : { ...rest, files: sorts }
}
const listOr = (value: unknown, other: unknown[]): unknown[] =>
  Array.isArray(value) && value.length > 0 ? value : other

/** Where files come from. */
export function DropsSection(props: { form: SourceForm; onReplace: (next: Declaration) => void }) {
  const { t } = useTexts()
  const { form } = props
  const on = watches(form.value)
  return (
    <div className={classes.fields}>
      <NativeSelect
        label={t('sources.where')}
        value={on ? 'folder' : 'files'}
        onChange={event => props.onReplace(watching(form.value, event.currentTarget.value === 'folder'))}
        data={[
          { value: 'files', label: t('sources.whereFiles') },
          { value: 'folder', label: t('sources.whereFolder') },
        ]}
      />
      {on && (
        <>
          <PathField
            form={form}
            path={['drops', 'folder']}
            label={t('sources.folder')}
            hint={t('sources.folderHint')}
          />
          <ChoiceField
            form={form}
            path={['drops', 'content']}
            label={t('sources.content')}
            none={t('sources.contents.full')}
            data={[{ value: 'changes', label: t('sources.contents.changes') }]}
          />
          <div className={classes.wide}>
            <CheckField form={form} path={['drops', 'done']} label={t('sources.done')} />
          </div>
        </>
      )}
    </div>
  )
}

/** The files of an export, or the patterns of those in a watched folder, in the order of reading. */
export function LdifFiles(props: { form: SourceForm }) {
  const { t } = useTexts()
  const { form } = props
  const list = watches(form.value) ? 'patterns' : 'files'
  const files = listAt(form.value, [list])
  return (
    <div className="stack">
      {files.map((_, index) =>
        list === 'patterns' ? (
          <TextField
            key={`${list}-${String(index)}`}
            form={form}
            path={[list, index]}
            label={t('sources.pattern')}
            hint={t('sources.patternHint')}
          />
        ) : (
          <PathField
            key={`${list}-${String(index)}`}
            form={form}
            path={[list, index]}
            label={t('sources.path')}
            hint={t('sources.pathHint')}
          />
        ),
      )}
      <div className={classes.actions}>
        <Button variant="default" size="xs" onClick={() => form.set([list, files.length], '')}>
          {t('sources.addFile')}
        </Button>
        {files.length > 1 && (
          <Button
            variant="default"
            size="xs"
            onClick={() => form.set([list], put({ list: files }, ['list', files.length - 1], undefined).list)}
          >
            {t('sources.removeFile', { n: files.length })}
          </Button>
        )}
      </div>
    </div>
  )
}
