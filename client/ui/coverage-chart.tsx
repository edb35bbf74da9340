import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

/** The share of rights that have a purpose, over days; the table beside it holds the figures. */
export function CoverageChart(props: {
  days: { on: string; share: number }[]
  label: string
  dayText: (on: string) => string
  shareText: (share: number) => string
}) {
  return (
    <ResponsiveContainer width="100%" height={220}>
      <LineChart data={props.days} margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--app-hair)" vertical={false} />
        <XAxis dataKey="on" tickFormatter={props.dayText} stroke="currentColor" fontSize={12} minTickGap={40} />
        <YAxis domain={[0, 1]} tickFormatter={props.shareText} stroke="currentColor" fontSize={12} width={56} />
        <Tooltip
          labelFormatter={on => props.dayText(String(on))}
          formatter={value => props.shareText(Number(value))}
          contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--app-line)' }}
        />
        <Line
          type="stepAfter"
          dataKey="share"
          name={props.label}
          stroke="var(--app-accent)"
          strokeWidth={2}
          dot={props.days.length < 15}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  )
}
