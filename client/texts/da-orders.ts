import { connectors } from './da/connectors.ts'
import { cutover } from './da/cutover.ts'
import { equipment } from './da/equipment.ts'
import { orders } from './da/orders.ts'

/** Texts of orders, tasks, connectors, account types and equipment. */
export const daOrders = { ...orders, ...connectors, ...equipment, ...cutover } as const
