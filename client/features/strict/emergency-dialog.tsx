import { NumberInput, Textarea } from '@mantine/core'
import { EMERGENCY_HOURS, giveEmergencyAccess } from '#contract/grants.ts'
import { useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

/** A right that strict mode holds back, for some hours: with a reason, by itself over, looked at afterwards. */
export function EmergencyDialog(props: {
  affiliationId: string
  entitlementId: string
  right: string
  person: string | null
  onClose: () => void
}) {
  const { t } = useTexts()
  const give = useCommand(giveEmergencyAccess, ({ noEffect }) => {
    announce(t(noEffect ? 'emergency.noEffect' : 'emergency.given'))
    props.onClose()
  })
  return (
    <FormDialog
      title={t('emergency.give')}
      verb={t('emergency.give')}
      busy={give.isPending}
      error={give.error}
      onClose={props.onClose}
      onSubmit={field =>
        give.mutate({
          body: {
            ...{ affiliationId: props.affiliationId, entitlementId: props.entitlementId },
            ...{ hours: Number(field('hours')), reason: field('reason') },
          },
        })
      }
    >
      <p>{props.right}</p>
      {props.person && <p>{t('emergency.giveTo', { name: props.person })}</p>}
      <p className="meta">{t('emergency.lead')}</p>
      <NumberInput
        name="hours"
        label={t('emergency.hours')}
        min={1}
        max={EMERGENCY_HOURS}
        allowDecimal={false}
        clampBehavior="strict"
        defaultValue={8}
        required
        data-autofocus
      />
      <Textarea name="reason" label={t('emergency.reason')} required minLength={5} maxLength={500} rows={3} />
    </FormDialog>
  )
}
