import { Checkbox, Textarea } from '@mantine/core'
import { IconBraces, IconFileSpreadsheet, IconFileTypePdf } from '@tabler/icons-react'
import { useState } from 'react'
import { exportMyData, exportPersonData } from '#contract/own-data.ts'
import { exportSystemRights, exportSystemsData } from '#contract/packages.ts'
import { call, problemOf } from '../lib/call.ts'
import { dayOf } from '../lib/formats.ts'
import { saveBytes } from '../lib/save-file.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from './announcer.tsx'
import { FileMenu } from './file-menu.tsx'
import { ReasonDialog } from './reason-dialog.tsx'

const sheet = <IconFileSpreadsheet size={18} aria-hidden />

/** Users and rights of a system on the day that is looked at. */
export function SystemRightsFile(props: { systemId: string; asOf?: string | undefined }) {
  const { t, language } = useTexts()
  const day = props.asOf ?? dayOf(new Date().toISOString())
  return (
    <FileMenu
      label={t('files.label')}
      saved={name => t('files.saved', { name })}
      items={[
        {
          key: 'rights',
          label: t('files.systemRights'),
          icon: sheet,
          make: () => call(exportSystemRights, { params: { systemId: props.systemId }, body: { day, language } }),
        },
      ]}
    />
  )
}

/** Systems of a unit, or of all, with the data in them and when they are erased. */
export function SystemsDataFile(props: { unit?: string; asOf?: string | undefined }) {
  const { t, language } = useTexts()
  const query = { language, ...(props.unit ? { unit: props.unit } : {}), ...(props.asOf ? { asOf: props.asOf } : {}) }
  return (
    <FileMenu
      label={t('files.label')}
      saved={name => t('files.saved', { name })}
      items={[
        { key: 'data', label: t('files.systemsData'), icon: sheet, make: () => call(exportSystemsData, { query }) },
      ]}
    />
  )
}

const icons = {
  pdf: <IconFileTypePdf size={18} aria-hidden />,
  json: <IconBraces size={18} aria-hidden />,
}

/** Everything about oneself (Art. 15). */
export function MyDataFile() {
  const { t, language } = useTexts()
  const make = (format: 'pdf' | 'json') => () => call(exportMyData, { body: { format, language } })
  return (
    <FileMenu
      label={t('files.mine')}
      saved={name => t('files.saved', { name })}
      items={[
        { key: 'pdf', label: t('files.minePdf'), icon: icons.pdf, make: make('pdf') },
        { key: 'json', label: t('files.mineJson'), icon: icons.json, make: make('json') },
      ]}
    />
  )
}

const SHORTEST = 5

/** The same for somebody else, with a reason that they can read. Whoever may weigh that names others in it, with a reason of its own. */
export function PersonDataFile({ personId }: { personId: string }) {
  const { t, language } = useTexts()
  const [format, setFormat] = useState<'pdf' | 'json' | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const may = useMay()
  /** Why others are named; null: they are not. */
  const [names, setNames] = useState<string | null>(null)
  const [short, setShort] = useState(false)
  const open = (chosen: 'pdf' | 'json' | null) => {
    setFormat(chosen)
    setNames(null)
    setShort(false)
    setError(null)
  }
  const fetchIt = async (reason: string) => {
    if (!format) return
    const lacking = names !== null && names.trim().length < SHORTEST
    setShort(lacking)
    if (lacking) return
    setBusy(true)
    setError(null)
    try {
      const file = await call(exportPersonData, {
        params: { personId },
        body: { format, language, reason, ...(names === null ? {} : { namesReason: names.trim() }) },
      })
      saveBytes(file.fileName, file.contentType, file.content)
      announce(t('files.saved', { name: file.fileName }))
      open(null)
    } catch (problem) {
      setError(t(`problem.${problemOf(problem).code}`))
    } finally {
      setBusy(false)
    }
  }
  const item = (key: 'pdf' | 'json', label: string) => ({
    ...{ key, label, icon: icons[key] },
    make: { act: () => open(key) },
  })
  return (
    <>
      <FileMenu
        label={t('files.person')}
        saved={name => t('files.saved', { name })}
        items={[item('pdf', t('files.personPdf')), item('json', t('files.personJson'))]}
      />
      {format && (
        <ReasonDialog
          title={t('files.personTitle')}
          verb={t('files.personVerb')}
          busy={busy}
          error={error}
          onConfirm={reason => void fetchIt(reason)}
          onClose={() => open(null)}
        >
          <p>{t('files.personHelp')}</p>
          {may('person.export-names') && (
            <Checkbox
              label={t('files.personNames')}
              checked={names !== null}
              onChange={event => setNames(event.currentTarget.checked ? '' : null)}
            />
          )}
          {names !== null && (
            <Textarea
              label={t('files.personNamesWhy')}
              description={t('files.personNamesHint')}
              rows={2}
              maxLength={500}
              value={names}
              onChange={event => setNames(event.currentTarget.value)}
              error={short ? t('askedReason.short') : null}
            />
          )}
        </ReasonDialog>
      )}
    </>
  )
}
