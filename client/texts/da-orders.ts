import { connectors } from './da/connectors.ts'
import { orders } from './da/orders.ts'

/** Texts of orders, tasks, connectors, account types and equipment. */
export const daOrders = { ...orders, ...connectors } as const
