import { Button } from '@mantine/core'
import { IconCircleCheck, IconClock, IconMinus, IconPrinter } from '@tabler/icons-react'
import type { CasePage } from '#contract/lifecycle.ts'
import { lastDay } from '../../lib/formats.ts'
import { type Texts, useTexts } from '../../texts/i18n.ts'
import { Card } from '../../ui/card.tsx'
import { Status } from '../../ui/status.tsx'
import classes from './lifecycle.module.css'

const LOOK = {
  'not-payroll': { tone: 'quiet', icon: IconMinus },
  'not-sent': { tone: 'quiet', icon: IconMinus },
  waiting: { tone: 'wait', icon: IconClock },
  confirmed: { tone: 'ok', icon: IconCircleCheck },
} as const

/** What payroll types, in the order of its own form, so that nobody has to look for it. */
export function PayrollCard(props: { payroll: CasePage['payroll']; name: string | null }) {
  const texts = useTexts()
  const { t } = texts
  const { payroll } = props
  const { tone, icon } = LOOK[payroll.state]
  return (
    <Card
      title={t('reports.page.payroll')}
      aside={
        <Status tone={tone} icon={icon}>
          {t(`reports.page.payrollState.${payroll.state}`)}
        </Status>
      }
    >
      {payroll.sheet.length > 0 && (
        <>
          <p className="meta">{t('reports.page.payrollHelp')}</p>
          <table className={classes.sheet}>
            <caption className="print-only">{t('reports.page.sheetCaption')}</caption>
            <tbody>
              {payroll.sheet.map(row => (
                <tr key={row.field}>
                  <th scope="row">{t(`reports.page.sheetPayroll.${row.field as 'cpr'}`)}</th>
                  <td>
                    {row.value === null
                      ? row.status === 'missing' && <span className="meta">{t('reports.page.sheetMissing')}</span>
                      : sheetValue(texts, row.field, row.value)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Button
            className="no-print"
            mt={12}
            size="xs"
            variant="default"
            leftSection={<IconPrinter size={16} aria-hidden />}
            onClick={() => printAs([t('reports.page.sheetCaption'), props.name].filter(Boolean).join(': '))}
          >
            {t('reports.page.print')}
          </Button>
        </>
      )}
    </Card>
  )
}

function sheetValue({ t, date }: Texts, field: string, value: string): string {
  if (field === 'entryDate') return date(value)
  if (field === 'leaveDate') return date(lastDay(value))
  if (field === 'workContract') return value === 'hourly' ? t('reports.page.hourly') : t('reports.page.monthly')
  return value
}

/** The sheet is what is printed, and so what the paper or the file is called; the page is called as before afterwards. */
function printAs(title: string): void {
  const before = document.title
  document.title = title
  window.addEventListener('afterprint', () => (document.title = before), { once: true })
  window.print()
}
