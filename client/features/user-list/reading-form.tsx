import { NativeSelect, TextInput } from '@mantine/core'
import { LIST_FIELDS, type ListField, type UserListUpload } from '#contract/user-lists.ts'
import { useTexts } from '../../texts/i18n.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import form from '../../ui/form.module.css'

/** What somebody has chosen so far; the account may be missing still. */
export type Chosen = { columns: Partial<Record<ListField, string>>; right: string; everyDays: number | null }

const RHYTHMS = [1, 7, 14, 30, 90, 180, 365]

/** The first rows of a file, which column says what, and how often a list comes. */
export function ReadingForm(props: {
  upload: UserListUpload
  chosen: Chosen
  rights: readonly string[]
  onChange: (chosen: Chosen) => void
}) {
  const { t } = useTexts()
  const { chosen, upload } = props
  const set = (field: ListField, name: string) => {
    const { [field]: _, ...rest } = chosen.columns
    props.onChange({ ...chosen, columns: name === '' ? rest : { ...rest, [field]: name } })
  }
  const headings = upload.headings.filter(name => name !== '')
  const columns: Column<string[]>[] = upload.headings.map((name, index) => ({
    key: String(index),
    label: name === '' ? '–' : name,
    cell: row => row[index],
  }))
  return (
    <>
      <p className={upload.missing.length > 0 ? undefined : 'dim'}>
        {upload.missing.length > 0
          ? t('userList.missing', { columns: upload.missing.join(', ') })
          : t(upload.remembered ? 'userList.remembered' : 'userList.proposed')}
      </p>
      <DataTable
        caption={t('userList.rowsCaption')}
        columns={columns}
        rows={upload.rows}
        rowKey={row => `${upload.rows.indexOf(row)}`}
        empty={null}
      />
      <div className={form.fields}>
        {LIST_FIELDS.map(field => (
          <NativeSelect
            key={field}
            id={`column-${field}`}
            label={t(`userList.field.${field}`)}
            required={field === 'account'}
            value={chosen.columns[field] ?? ''}
            onChange={event => set(field, event.currentTarget.value)}
            data={[
              { value: '', label: t(field === 'right' ? 'userList.noneRight' : 'userList.none') },
              ...[...new Set(headings)].map(name => ({ value: name, label: name })),
            ]}
          />
        ))}
        {chosen.columns.right === undefined && (
          <TextInput
            id="same-right"
            label={t('userList.sameRight')}
            value={chosen.right}
            onChange={event => props.onChange({ ...chosen, right: event.currentTarget.value })}
            list="rights-of-system"
            maxLength={300}
          />
        )}
        <datalist id="rights-of-system">
          {props.rights.map(name => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <NativeSelect
          id="every"
          label={t('userList.everyLabel')}
          description={t('userList.everyHint')}
          value={chosen.everyDays === null ? '' : String(chosen.everyDays)}
          onChange={event =>
            props.onChange({
              ...chosen,
              everyDays: event.currentTarget.value ? Number(event.currentTarget.value) : null,
            })
          }
          data={[
            { value: '', label: t('userList.everyNone') },
            ...[...new Set([...RHYTHMS, ...(chosen.everyDays ? [chosen.everyDays] : [])])]
              .sort((a, b) => a - b)
              .map(days => ({ value: String(days), label: t('userList.everyDays', { count: days }) })),
          ]}
        />
      </div>
    </>
  )
}
