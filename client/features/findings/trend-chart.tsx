import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

/** One line over days; the table beside it holds the figures. */
export function TrendChart(props: {
  days: { on: string; open: number }[]
  label: string
  dayText: (on: string) => string
}) {
  return (
    <ResponsiveContainer width="100%" height={280}>
      <LineChart data={props.days} margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--app-hair)" vertical={false} />
        <XAxis dataKey="on" tickFormatter={props.dayText} stroke="currentColor" fontSize={12} minTickGap={40} />
        <YAxis allowDecimals={false} stroke="currentColor" fontSize={12} width={48} />
        <Tooltip
          labelFormatter={on => props.dayText(String(on))}
          contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--app-line)' }}
        />
        <Line
          type="stepAfter"
          dataKey="open"
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
