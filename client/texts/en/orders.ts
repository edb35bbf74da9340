import type { orders as da } from '../da/orders.ts'
import type { Same } from '../same.ts'

export const orders: Same<typeof da> = { orders: { title: 'Orders' } }
