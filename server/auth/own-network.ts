import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { problem } from '../platform/problem.ts'

/** The municipality's own networks, as CIDR (`10.0.0.0/8`, `2001:db8::/32`) or single addresses. */
export function ownNetwork(ranges: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix, ...rest] = range.split('/')
    const family = isIPv4(network) ? 'ipv4' : isIPv6(network) ? 'ipv6' : null
    const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
    if (!family || rest.length > 0 || bits < 0 || bits > (family === 'ipv4' ? 32 : 128))
      throw problem('config-invalid', {
        detail: `HJEMMEL_OWN_NETWORK: "${range}" is not a network such as 10.0.0.0/8 or 2001:db8::/32.`,
      })
    list.addSubnet(network, bits, family)
  }
  return address => {
    if (!address) return false
    const plain = address.startsWith('::ffff:') ? address.slice(7) : address
    return isIPv4(plain) ? list.check(plain, 'ipv4') : isIPv6(plain) ? list.check(plain, 'ipv6') : false
  }
}
