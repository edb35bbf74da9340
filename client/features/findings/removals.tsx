import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listRemovals } from '#contract/findings.ts'
import { useCall } from '../../lib/query.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Answer } from '../../ui/states.tsx'

type Rows = ResponseOf<typeof listRemovals>['rows']

/** The list of what is to be removed, to take along: for whoever keeps the system's users. */
export function Removals(props: { system: string | undefined; onClose: () => void }) {
  const { t, day } = useTexts()
  const query = useCall(listRemovals, { body: props.system ? { system: props.system } : {} })
  const heads = [
    t('findings.fileColumns.system'),
    t('findings.fileColumns.right'),
    t('findings.fileColumns.source'),
    t('findings.fileColumns.account'),
    t('findings.fileColumns.group'),
    t('findings.fileColumns.path'),
    t('findings.fileColumns.limits'),
    t('findings.fileColumns.reason'),
    t('findings.fileColumns.marked'),
    t('findings.fileColumns.overdue'),
    t('findings.fileColumns.order'),
  ]
  const lines = (rows: Rows) =>
    rows.map(row => [
      row.system ?? '',
      row.entitlement ?? '',
      row.source,
      row.username,
      row.path[0] ?? '',
      row.path.join(' > '),
      row.limits.join(', '),
      row.reason ?? '',
      row.markedAt ? day(row.markedAt) : '',
      row.overdue ? t('findings.yes') : '',
      row.order ? t(`findings.removalStage.${row.order.stage}`) : '',
    ])
  return (
    <Modal opened onClose={props.onClose} title={t('findings.removalsTitle')}>
      <Stack gap={16}>
        <p className="dim">{t('findings.removalsLead')}</p>
        <Answer query={query}>
          {data =>
            data.rows.length === 0 ? (
              <p>{t('findings.removalsNone')}</p>
            ) : (
              <>
                <p>{t('findings.removalsCount', { count: data.rows.length })}</p>
                <Group gap={8}>
                  <Button
                    color="petrol"
                    onClick={() => saveFile(`${t('findings.file')}.csv`, csv([heads, ...lines(data.rows)]))}
                  >
                    {t('findings.removalsCsv')}
                  </Button>
                  <Button
                    variant="default"
                    onClick={() => void saveSheet(`${t('findings.file')}.xlsx`, [heads, ...lines(data.rows)])}
                  >
                    {t('findings.removalsXlsx')}
                  </Button>
                </Group>
              </>
            )
          }
        </Answer>
      </Stack>
    </Modal>
  )
}

/** As Danish Excel reads it: semicolons and a mark of UTF-8. What a spreadsheet would take for a formula is a text. */
const csv = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${rows.map(row => row.map(cell => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(';')).join('\r\n')}\r\n`

async function saveSheet(name: string, rows: readonly (readonly string[])[]): Promise<void> {
  const { default: writeExcelFile } = await import('write-excel-file/browser')
  await writeExcelFile(
    rows.map((row, at) =>
      row.map(value => ({ value, type: String, ...(at === 0 ? { fontWeight: 'bold' as const } : {}) })),
    ),
  ).toFile(name)
}
