import { spread } from './random.ts'

/** Groups made before the naming standard are still there, as they always are. */
export const groupStyle = (systemKey: string): 'old' | 'standard' => (spread(systemKey, 4) === 0 ? 'old' : 'standard')

export function groupName(entitlementKey: string): string {
  const [system = '', right = ''] = entitlementKey.split('/')
  return groupStyle(system) === 'old' ? `GG-${system.toUpperCase()}-${right}` : `APP_${system}_${right}`
}
