import type { daOrders } from './da-orders.ts'
import { connectors } from './en/connectors.ts'
import { cutover } from './en/cutover.ts'
import { equipment } from './en/equipment.ts'
import { orders } from './en/orders.ts'
import type { Same } from './same.ts'

export const enOrders: Same<typeof daOrders> = { ...orders, ...connectors, ...equipment, ...cutover }
