import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

/** A bar for each band of days; the table below it holds the figures. */
export function BandsChart(props: { bands: { days: string; count: number }[]; label: string; unit: string }) {
  return (
    <ResponsiveContainer width="100%" height={220}>
      <BarChart data={props.bands} margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--app-hair)" vertical={false} />
        <XAxis
          dataKey="days"
          stroke="currentColor"
          fontSize={12}
          interval={0}
          height={44}
          label={{ value: props.unit, position: 'insideBottom', fontSize: 12, fill: 'currentColor' }}
        />
        <YAxis allowDecimals={false} stroke="currentColor" fontSize={12} width={36} />
        <Tooltip contentStyle={{ background: 'var(--mantine-color-body)', border: '1px solid var(--app-line)' }} />
        <Bar dataKey="count" name={props.label} fill="var(--app-accent)" isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}
