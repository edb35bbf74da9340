import {
  deleteSavedColumns,
  listImports,
  listSavedColumns,
  renameSavedColumns,
  undoSystems,
} from '#contract/transfer.ts'
import { call } from '../../lib/call.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ImportHistory } from '../../ui/import-history.tsx'
import { SavedColumns } from '../../ui/saved-columns.tsx'

/** Files of systems that were let in before, and columns that were saved. */
export function SystemImportPast() {
  const { t } = useTexts()
  return (
    <>
      <ImportHistory
        query={useCall(listImports)}
        caption={t('transfer.beforeCaption')}
        empty={t('transfer.beforeEmpty')}
        ofAll
        result={row => t('transfer.resultText', { created: row.created, changed: row.changed, left: row.left })}
        undo={importId => call(undoSystems, { params: { importId }, body: {} })}
        undone={({ undone, removed, kept }) =>
          [
            t('transfer.undone', { undone, removed }),
            ...(kept.length > 0 ? [t('transfer.kept', { systems: kept.map(one => one.system.name).join(', ') })] : []),
          ].join(' ')
        }
      />
      <SavedColumns
        query={useCall(listSavedColumns)}
        rename={body => call(renameSavedColumns, { body })}
        forget={body => call(deleteSavedColumns, { body })}
      />
    </>
  )
}
