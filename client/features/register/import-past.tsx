import {
  deleteRegisterColumns,
  listRegisterColumns,
  listRegisterImports,
  renameRegisterColumns,
  undoRegister,
} from '#contract/register-transfer.ts'
import { call } from '../../lib/call.ts'
import { useCall } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { ImportHistory } from '../../ui/import-history.tsx'
import { SavedColumns } from '../../ui/saved-columns.tsx'

/** The reader's own files of records that were let in before, and columns that were saved. */
export function RegisterImportPast() {
  const { t } = useTexts()
  return (
    <>
      <ImportHistory
        query={useCall(listRegisterImports)}
        caption={t('registerTransfer.historyCaption')}
        empty={t('registerTransfer.historyEmpty')}
        ofAll={false}
        result={row =>
          t('registerTransfer.resultText', { drafts: row.drafts, proposals: row.proposals, left: row.left })
        }
        undo={importId => call(undoRegister, { params: { importId }, body: {} })}
        undone={answer => t('registerTransfer.undone', answer)}
      />
      <SavedColumns
        query={useCall(listRegisterColumns)}
        rename={body => call(renameRegisterColumns, { body })}
        forget={body => call(deleteRegisterColumns, { body })}
      />
    </>
  )
}
